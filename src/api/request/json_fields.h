// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>

#include "base/json_writer.h"
#include "model/money.h"
#include "model/usage.h"

namespace sightline::api {

// How the API spells what several of its objects hold. Each writes one or more fields of an object
// that is open. What is absent is null.

// Empty text is absent.
void WriteText(base::JsonWriter& json, std::string_view key, std::string_view text);

// RFC 3339; 0 is absent.
void WriteTime(base::JsonWriter& json, std::string_view key, std::int64_t time_ns);

// Seconds, exact to the nanosecond.
void WriteSeconds(base::JsonWriter& json, std::string_view key, std::int64_t duration_ns);

// `cost` in dollars, null while it is unknown, and `cost_status`.
void WriteCost(base::JsonWriter& json, std::int64_t picodollars, model::CostStatus status);

// `usage` with the counts that are known; nothing when none is.
void WriteUsage(base::JsonWriter& json, const model::Usage& usage,
                const model::UsageDetails& details = {});

// As sent, else input plus output; 0 while nothing is known.
std::int64_t TotalTokens(const model::Usage& usage);

// A share in percent with two decimals; 0 of nothing.
double Percent(std::int64_t part, std::int64_t whole);

// A JSON array that is stored as text, "" being the empty one.
void WriteStoredArray(base::JsonWriter& json, std::string_view key, std::string_view text);

}  // namespace sightline::api
