// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "analytics/failure_analysis.h"
#include "base/json_writer.h"

namespace sightline::api {

// {name: count, ...} as a field of an object that is open, without the name "".
void WriteCounts(std::string_view name, const std::map<std::string, std::int64_t>& counts,
                 base::JsonWriter& json);

// As an object.
void WriteFailureGroup(const analytics::FailureGroup& group, base::JsonWriter& json);

}  // namespace sightline::api
