// SPDX-License-Identifier: Apache-2.0
#include "analytics/remaining.h"

#include <vector>

#include <gtest/gtest.h>

namespace sightline::analytics {
namespace {

// Runs of 1, 2, ... 100 seconds that cost a tenth of that, with one step for each 10 seconds.
std::vector<PastRun> HundredRuns() {
  std::vector<PastRun> runs;
  for (std::size_t i = 1; i <= 100; ++i) {
    const auto seconds = static_cast<double>(i);
    runs.push_back({.seconds = seconds, .cost = seconds / 10, .steps = i / 10});
  }
  return runs;
}

TEST(RemainingTest, IsTheRestOfRunsThatTookLonger) {
  const Remaining left = RemainingOf({.seconds = 0, .cost = 0}, HundredRuns());
  EXPECT_EQ(left.past_runs, 100U);
  EXPECT_EQ(left.comparable_runs, 100U);
  EXPECT_NEAR(left.seconds->p50, 50.5, 0.01);
  EXPECT_NEAR(left.cost->p50, 5.05, 0.01);

  const Remaining later = RemainingOf({.seconds = 80, .cost = 8}, HundredRuns());
  EXPECT_EQ(later.comparable_runs, 20U);
  EXPECT_NEAR(later.seconds->p50, 10.5, 0.01);
  EXPECT_NEAR(later.seconds->p95, 19.05, 0.01);
  EXPECT_NEAR(later.cost->p50, 1.05, 0.01);
}

TEST(RemainingTest, ComparesWithRunsOfAsManySteps) {
  const Remaining left = RemainingOf({.seconds = 5, .cost = 0, .steps = 9}, HundredRuns());
  EXPECT_EQ(left.comparable_runs, 11U);
  EXPECT_NEAR(left.seconds->p50, 90, 0.01);
}

TEST(RemainingTest, SaysNothingOfARunOlderThanNearlyAll) {
  const Remaining left = RemainingOf({.seconds = 97, .cost = 1}, HundredRuns());
  EXPECT_EQ(left.comparable_runs, 3U);
  EXPECT_FALSE(left.seconds);
  EXPECT_FALSE(left.cost);
  EXPECT_FALSE(RemainingOf({}, {}).seconds);
}

TEST(RemainingTest, DoesNotTakeAnUnknownCostForNothing) {
  std::vector<PastRun> runs = HundredRuns();
  EXPECT_FALSE(RemainingOf({.seconds = 1, .cost = std::nullopt}, runs).cost);
  for (PastRun& run : runs) {
    run.cost.reset();
  }
  const Remaining left = RemainingOf({.seconds = 1, .cost = 0}, runs);
  EXPECT_TRUE(left.seconds);
  EXPECT_FALSE(left.cost);
}

}  // namespace
}  // namespace sightline::analytics
