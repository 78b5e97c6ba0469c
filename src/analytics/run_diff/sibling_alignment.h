// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>
#include <utility>
#include <vector>

#include "analytics/run_diff/step_likeness.h"
#include "analytics/run_diff/step_tree.h"

namespace sightline::analytics {

// Which children of one step are those of a step in another run, in the order they have there.
//
// Thread: value.
struct SiblingAlignment {
  std::vector<std::pair<std::size_t, std::size_t>> pairs;  // Steps, ascending on both sides.
  bool is_approximate = false;  // There were too many to compare each with each.
};

// The pairs, never crossing each other, whose likeness sums to the most. What is equal at both ends
// is paired first. More than 1 million possible pairs are first cut at steps that are equal and
// occur once on each side; where that is not enough, each step is paired with the next one of its
// name. Cost: O(n * m) within these bounds.
SiblingAlignment AlignSiblings(std::span<const std::size_t> a, std::span<const std::size_t> b,
                               const StepTree& a_tree, const StepTree& b_tree,
                               StepLikeness& likeness);

}  // namespace sightline::analytics
