// SPDX-License-Identifier: Apache-2.0
#include "analytics/forecast/series.h"

#include <limits>
#include <vector>

#include <gtest/gtest.h>

namespace sightline::analytics {
namespace {

constexpr double kGap = std::numeric_limits<double>::quiet_NaN();
using Periods = std::vector<std::size_t>;

TEST(SuggestedPeriodsTest, FollowFromTheStep) {
  EXPECT_EQ(SuggestedPeriods(3600, 1000), (Periods{24, 168}));
  EXPECT_EQ(SuggestedPeriods(86'400, 2000), (Periods{7, 365}));
  EXPECT_EQ(SuggestedPeriods(604'800, 1000), (Periods{52}));
  EXPECT_EQ(SuggestedPeriods(300, 10'000), (Periods{12, 288, 2016}));
  EXPECT_EQ(SuggestedPeriods(60, 10'000), (Periods{60, 1440}));
}

TEST(SuggestedPeriodsTest, NeedThreeSeasonsOfValues) {
  EXPECT_EQ(SuggestedPeriods(3600, 503), (Periods{24}));
  EXPECT_EQ(SuggestedPeriods(3600, 504), (Periods{24, 168}));
  EXPECT_EQ(SuggestedPeriods(3600, 71), (Periods{}));
  EXPECT_EQ(SuggestedPeriods(604'800, 80), (Periods{}));
}

TEST(SuggestedPeriodsTest, LeaveOutCyclesThatAreNotWhole) {
  // 3.6 steps of 1,000 seconds to the hour, 86.4 to the day.
  EXPECT_EQ(SuggestedPeriods(1000, 1000), (Periods{}));
}

struct GapCase {
  const char* name;
  std::vector<double> values;
  std::size_t period;
  std::vector<double> filled;
  std::size_t known;
};

TEST(FillGapsTest, TakesNeighboursOfTheSamePhase) {
  const GapCase cases[] = {
      {"none", {1, 2}, 0, {1, 2}, 2},
      {"at the front, dropped", {kGap, kGap, 3}, 0, {3}, 1},
      {"inside, a line", {1, kGap, kGap, 4}, 0, {1, 2, 3, 4}, 2},
      {"at the end, the last", {1, 5, kGap}, 0, {1, 5, 5}, 2},
      {"inside a season", {1, 9, 1, kGap, 1, 9}, 2, {1, 9, 1, 9, 1, 9}, 5},
      {"at the end of a season", {1, 9, 1, kGap}, 2, {1, 9, 1, 9}, 3},
      {"infinite", {1, std::numeric_limits<double>::infinity(), 3}, 0, {1, 2, 3}, 2},
      {"all unknown", {kGap, kGap}, 0, {}, 0},
      {"empty", {}, 24, {}, 0},
  };
  for (const GapCase& example : cases) {
    const FilledSeries series = FillGaps(example.values, example.period);
    EXPECT_EQ(series.values, example.filled) << example.name;
    EXPECT_EQ(series.known_count, example.known) << example.name;
  }
}

TEST(QuantileTest, InterpolatesBetweenRanks) {
  EXPECT_EQ(Quantile({4, 1, 3, 2, 5}, 0.5), 3);
  EXPECT_EQ(Quantile({1, 2}, 0.25), 1.25);
  EXPECT_EQ(Quantile({7}, 0.95), 7);
  EXPECT_EQ(Quantile({1, 2, 3}, 1.5), 3);
  EXPECT_EQ(Quantile({}, 0.5), 0);
}

}  // namespace
}  // namespace sightline::analytics
