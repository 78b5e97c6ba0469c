// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <span>
#include <string_view>
#include <vector>

#include "analytics/what_differs/run_columns.h"
#include "api/kept/run_scores.h"
#include "model/run_record.h"

namespace sightline::api {

// Adds what runs were judged as columns of analytics::FindDifferences, each named "score.<name>":
// one of texts (categories, what outcomes are called, "true" and "false") and one of numbers, as
// far as some run has any. Of more than 64 names the first by alphabet are taken; those for which
// `is_wanted` is false are left out.
void AddScoreColumns(std::span<const model::RunRecord> runs, const RunScores& scores,
                     const std::function<bool(std::string_view)>& is_wanted,
                     std::vector<analytics::RunColumn>& columns);

}  // namespace sightline::api
