// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "base/json_writer.h"
#include "query/fact_query.h"

namespace sightline::api {

// A figure of a group of runs or steps, by name.
//
// Thread: value; all of them are constants.
struct FactMeasure {
  std::string_view name;
  std::string_view unit;  // "1", "s", "USD", "%", "{token}".
  std::string_view description;
  bool needs_latency = false;  // FactQuery::with_latency.
  // One of the two: a whole number, of picodollars when the unit is USD, or any number.
  std::int64_t (*whole)(const query::FactGroup& group) = nullptr;
  double (*number)(const query::FactGroup& group) = nullptr;

  // For comparing groups.
  double ValueOf(const query::FactGroup& group) const {
    return whole != nullptr ? static_cast<double>(whole(group)) : number(group);
  }
};

std::span<const FactMeasure> FactMeasures();

// Null when there is none of that name.
const FactMeasure* FindMeasure(std::string_view name);

// The measure of a group as a field of an object that is open; null while it is unknown.
void WriteMeasure(const FactMeasure& measure, const query::FactGroup& group,
                  base::JsonWriter& json);

}  // namespace sightline::api
