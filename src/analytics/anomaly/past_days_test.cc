// SPDX-License-Identifier: Apache-2.0
#include "analytics/anomaly/past_days.h"

#include <cstdint>
#include <limits>

#include <gtest/gtest.h>

namespace sightline::analytics {
namespace {

constexpr std::int64_t kHour = 3'600;

TEST(PastDaysTest, KnowsNothingOnTheFirstDay) {
  PastDays days;
  EXPECT_FALSE(days.MostAlike(0, 1));
  for (int hour = 0; hour < 20; ++hour) {
    days.Add(hour * kHour, 1);
  }
  EXPECT_FALSE(days.MostAlike(20 * kHour, 1));
}

TEST(PastDaysTest, FindsTheMostAlikeValueWithinAnHour) {
  PastDays days;
  for (int hour = 0; hour < 24; ++hour) {
    days.Add(hour * kHour, hour);
  }
  EXPECT_EQ(days.MostAlike(34 * kHour, 10), 10);
  EXPECT_EQ(days.MostAlike(34 * kHour, 20), 11);
  EXPECT_EQ(days.MostAlike(34 * kHour, -5), 9);
}

TEST(PastDaysTest, TakesTwoRowsToEitherSideOfShortSteps) {
  PastDays days;
  for (int row = 0; row < 288; ++row) {
    days.Add(row * 300, row);
  }
  EXPECT_EQ(days.MostAlike((288 + 100) * 300, 500), 102);
  EXPECT_EQ(days.MostAlike((288 + 100) * 300, 0), 98);
}

TEST(PastDaysTest, LooksAWeekBackWhenTheLastThreeDaysDiffer) {
  PastDays days;
  for (int hour = 0; hour < 7 * 24; ++hour) {
    days.Add(hour * kHour, hour < 24 ? 5 : 100);
  }
  EXPECT_EQ(days.MostAlike(7 * 24 * kHour + 12 * kHour, 6), 5);
}

TEST(PastDaysTest, PassesOverGapsAndSurvivesRepeatedAndBackwardTimes) {
  PastDays days;
  for (int hour = 0; hour < 12; ++hour) {
    days.Add(hour * kHour, hour);
  }
  // Nothing within an hour of 20:00.
  EXPECT_FALSE(days.MostAlike(44 * kHour, 1));
  days.Add(11 * kHour, 50);
  days.Add(10 * kHour, 60);
  EXPECT_TRUE(days.MostAlike(34 * kHour, 55));
  EXPECT_FALSE(days.MostAlike(std::numeric_limits<std::int64_t>::max() / 1'000'000'000, 1));
  EXPECT_FALSE(days.MostAlike(std::numeric_limits<std::int64_t>::min() / 1'000'000'000, 1));
}

TEST(PastDaysTest, KeepsTheNewest4096Values) {
  PastDays days;
  for (int minute = 0; minute < 10'000; ++minute) {
    days.Add(minute * 60, minute);
  }
  EXPECT_EQ(days.MostAlike(10'000 * 60, 8'560), 8'560);
  // Of three days ago nothing is left; the nearest value of one and two days ago is.
  EXPECT_EQ(days.MostAlike(10'000 * 60, 5'680), 7'118);
}

}  // namespace
}  // namespace sightline::analytics
