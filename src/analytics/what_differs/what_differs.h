// SPDX-License-Identifier: Apache-2.0
// What selected runs (failed, slow, dear, of another version) have in common that the others have
// not. Tried are: every text of every column, that there is a value at all, every threshold of
// every number, and two of these together. The one whose runs hold more selected ones than chance
// gives with the least probability is a finding when it remains significant after correction for
// all that was tried; then the runs that it names are put aside and the rest is asked again.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "analytics/what_differs/run_columns.h"

namespace sightline::analytics {

// Runs of which all conditions are true hold more selected ones than the others.
//
// Thread: value.
struct Difference {
  std::vector<RunCondition> conditions;  // One or two.
  std::vector<RunCondition> also = {};   // Conditions true of the same runs but for 5 in 100.
  std::size_t runs = 0;                  // Of which the conditions are true.
  std::size_t selected = 0;              // Of these.
  double lift = 0;                       // Selected share of these runs, over that of all runs.
  double p = 1;  // Corrected for all that was tried, among runs that no earlier finding names.
  std::vector<std::size_t> examples = {};  // Selected ones of these runs, the first in the table.
};

struct DifferenceOptions {
  double level = 0.05;  // Of a false finding where nothing differs.
  std::size_t max_findings = 5;
  std::size_t max_examples = 5;
  std::size_t max_also = 5;
};

// Best first. Empty when nothing differs significantly, or when none or all are selected.
// Preconditions: columns are as long as `is_selected`. Cost: O(n log n) for each column, and for n
// runs n / 64 for each of at most 2 million pairs of conditions, for each finding.
std::vector<Difference> FindDifferences(std::span<const RunColumn> columns,
                                        const std::vector<bool>& is_selected,
                                        const DifferenceOptions& options = {});

}  // namespace sightline::analytics
