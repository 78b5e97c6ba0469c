// SPDX-License-Identifier: Apache-2.0
#include "analytics/remaining.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "analytics/forecast/series.h"

namespace sightline::analytics {
namespace {

constexpr std::size_t kLeastRuns = 5;

std::optional<RemainingQuantiles> QuantilesOf(const std::vector<double>& left) {
  if (left.size() < kLeastRuns) {
    return std::nullopt;
  }
  return RemainingQuantiles{
      .p50 = Quantile(left, 0.5), .p80 = Quantile(left, 0.8), .p95 = Quantile(left, 0.95)};
}

}  // namespace

Remaining RemainingOf(const RunSoFar& run, std::span<const PastRun> past) {
  Remaining remaining{.past_runs = past.size()};
  std::vector<double> seconds;
  std::vector<double> costs;
  for (const PastRun& other : past) {
    if (other.seconds <= run.seconds || other.steps < run.steps) {
      continue;
    }
    ++remaining.comparable_runs;
    seconds.push_back(other.seconds - run.seconds);
    if (run.cost && other.cost && *other.cost >= *run.cost) {
      costs.push_back(*other.cost - *run.cost);
    }
  }
  remaining.seconds = QuantilesOf(seconds);
  remaining.cost = QuantilesOf(costs);
  return remaining;
}

}  // namespace sightline::analytics
