// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "analytics/trace_view.h"

namespace sightline::analytics {

// What a span and all spans below it come to.
//
// Thread: value.
struct RollUp {
  std::uint64_t descendants = 0;  // Below it.
  std::uint64_t errors = 0;       // Failed ones, with the span itself.
  std::int64_t model_calls = 0;   // That count for the run.
  std::int64_t unpriced_calls = 0;
  std::int64_t tokens = 0;       // Of calls that count.
  std::int64_t picodollars = 0;  // Of those with a known price.

  void Add(const RollUp& child);
};

// For every span of the view. Cost: O(n), without recursion: chains may be as long as the run.
std::vector<RollUp> RollUps(const TraceView& view);

}  // namespace sightline::analytics
