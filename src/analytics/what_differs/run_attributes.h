// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <span>
#include <string_view>
#include <vector>

#include "analytics/what_differs/run_columns.h"
#include "model/run_record.h"

namespace sightline::analytics {

// What runs can be told apart by, as columns of FindDifferences:
// - texts: "workflow_id", "name", "agent", "service", "session_id", "user_id", "status",
//   "error_type", "version", "environment"; an empty text is absent,
// - whether something took part: "agent.<name>", "model.<name>", "service.<name>", "tag.<name>",
//   "prompt_version.<name@version>",
// - numbers: "step_count", "failed_steps", "model_calls", "tool_calls", "input_tokens",
//   "output_tokens", "duration" (seconds, of runs that have ended), "cost" (dollars, where it is
//   wholly known).
// At most 256 names of each kind, the first that come. Columns for whose name `is_wanted` is false
// are left out.
std::vector<RunColumn> AttributesOf(std::span<const model::RunRecord> runs,
                                    const std::function<bool(std::string_view)>& is_wanted);

}  // namespace sightline::analytics
