// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "analytics/what_differs/run_columns.h"
#include "analytics/what_differs/run_set.h"

namespace sightline::analytics {

// A condition and the runs of which it is true.
//
// Thread: value.
struct PooledCondition {
  RunCondition condition;
  RunSet runs;
};

// The conditions that are tried together with each other: every text that two runs or more have,
// presence where some runs have a value and some have not, and for numbers "at least" and "at most"
// at 40 quantiles, or at every value if there are no more. At most 2,000, those of the most runs:
// a choice that does not depend on which runs are selected.
std::vector<PooledCondition> PoolConditions(std::span<const RunColumn> columns, std::size_t runs);

// Whether two conditions say something together that neither says alone: of different columns, or
// the ends of a range of numbers.
bool CanCombine(const RunCondition& a, const RunCondition& b);

// The two as a finding shows them: the ends of a range become one condition.
std::vector<RunCondition> Combine(const RunCondition& a, const RunCondition& b);

}  // namespace sightline::analytics
