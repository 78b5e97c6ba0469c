// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <vector>

#include "model/run_rules.h"

namespace sightline::model {

// For each of `count` spans the nearest one at or above it of which `has(index)` is true, else
// RunShape::kNone. `parent_of(index)` is another span's index or RunShape::kNone. Parents in a
// circle lead nowhere. Cost: O(count), whatever the depth: a run may be one chain of 300,000 spans.
template <typename ParentOf, typename Has>
std::vector<std::size_t> NearestAtOrAbove(std::size_t count, ParentOf&& parent_of, Has&& has) {
  constexpr std::size_t kNotKnown = RunShape::kNone - 1;
  std::vector<std::size_t> nearest(count, kNotKnown);
  std::vector<std::size_t> way;
  for (std::size_t i = 0; i < count; ++i) {
    std::size_t found = RunShape::kNone;
    for (std::size_t at = i; at != RunShape::kNone; at = parent_of(at)) {
      if (nearest[at] != kNotKnown) {
        found = nearest[at];
        break;
      }
      way.push_back(at);
      if (has(at)) {
        found = at;
        break;
      }
      nearest[at] = RunShape::kNone;  // For a circle; overwritten below.
    }
    for (const std::size_t at : way) {
      nearest[at] = found;
    }
    way.clear();
  }
  return nearest;
}

}  // namespace sightline::model
