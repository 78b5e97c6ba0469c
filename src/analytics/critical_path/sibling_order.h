// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <vector>

#include "analytics/critical_path/span_tree.h"

namespace sightline::analytics {

// Which of the children of one span came after which, told by their times alone.
//
// A child comes after every sibling that had ended when it started; ending exactly at its start is
// in time. Clocks are not exact: a sibling that runs into the child by at most 1 % of the parent's
// duration came before it as well, when no third one starts or ends in the overlap.
//
// Children are named by their position in SpanTree::children(). Everything that came before a child
// has a lower position than it.
//
// Thread: value. Cost: O(k log k) for k children.
struct SiblingOrder {
  static constexpr std::size_t kNone = static_cast<std::size_t>(-1);

  SiblingOrder(const SpanTree& tree, std::size_t parent);

  // The child that came last before the one at `position`: the one that runs into it, else the one
  // that ended last by its start, else kNone.
  std::size_t LastBefore(std::size_t position) const;

  std::vector<std::size_t> by_end;  // Positions; of those that end together the longest comes last,
                                    // but for those without duration.
  std::vector<std::size_t> ended;   // For each position: the first so many of by_end came before.
                                    // Never falls from one position to the next.
  std::vector<std::size_t> running_in;  // For each position: who runs into it, or kNone.
};

}  // namespace sightline::analytics
