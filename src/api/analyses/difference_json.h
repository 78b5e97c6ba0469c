// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "analytics/what_differs/what_differs.h"
#include "base/json_writer.h"
#include "model/run_record.h"

namespace sightline::api {

// Field `name`: what selected runs have in common that the others have not, as an array, best
// first. Columns are those that `runs` were made into.
void WriteDifferences(std::string_view name, std::span<const analytics::Difference> differences,
                      std::span<const analytics::RunColumn> columns,
                      std::span<const model::RunRecord> runs, base::JsonWriter& json);

}  // namespace sightline::api
