// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <span>

namespace sightline::analytics {

// A run of the past: how long it took, and what it has cost if that is wholly known.
struct PastRun {
  double seconds = 0;
  std::optional<double> cost;
  std::size_t steps = 0;
};

// A run that goes on: so far.
struct RunSoFar {
  double seconds = 0;
  std::optional<double> cost;
  std::size_t steps = 0;  // That have ended.
};

struct RemainingQuantiles {
  double p50 = 0;
  double p80 = 0;
  double p95 = 0;
};

struct Remaining {
  std::size_t past_runs = 0;
  std::size_t comparable_runs = 0;  // That took longer, and at least as many steps.
  std::optional<RemainingQuantiles> seconds;
  std::optional<RemainingQuantiles> cost;
};

// What is left of a run, as it was for past runs of its workflow that had not ended at its age and
// took at least as many steps: the empirical survival function, given survival so far. What a run
// adds to its cost is told by those of them that have cost at least as much. Empty when fewer than
// 5 runs tell it: the run is then older, or dearer, than nearly all of them.
Remaining RemainingOf(const RunSoFar& run, std::span<const PastRun> past);

}  // namespace sightline::analytics
