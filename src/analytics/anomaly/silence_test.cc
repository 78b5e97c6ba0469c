// SPDX-License-Identifier: Apache-2.0
#include "analytics/anomaly/silence.h"

#include <vector>

#include <gtest/gtest.h>

namespace sightline::analytics {
namespace {

// `per_hour` in each hour of `days`, from 8 to 20 o'clock.
std::vector<std::int64_t> BusyDays(std::size_t days, std::int64_t per_hour) {
  std::vector<std::int64_t> counts(days * 24, 0);
  for (std::size_t hour = 0; hour < counts.size(); ++hour) {
    counts[hour] = hour % 24 >= 8 && hour % 24 < 20 ? per_hour : 0;
  }
  return counts;
}

TEST(SilenceTest, NightsAndQuietStreamsAreNone) {
  EXPECT_TRUE(FindSilences(BusyDays(14, 50), 24).empty());
  EXPECT_TRUE(FindSilences({}, 24).empty());
  EXPECT_TRUE(FindSilences(std::vector<std::int64_t>(500, 0), 24).empty());
}

TEST(SilenceTest, AnEmptyHourOfABusyDayIsOne) {
  std::vector<std::int64_t> counts = BusyDays(14, 50);
  counts[10 * 24 + 12] = 0;
  const std::vector<Silence> silences = FindSilences(counts, 24);
  ASSERT_EQ(silences.size(), 1U);
  EXPECT_EQ(silences[0].first_step, 10U * 24 + 12);
  EXPECT_EQ(silences[0].end_step, 10U * 24 + 13);
  EXPECT_EQ(silences[0].expected, 50);
}

TEST(SilenceTest, FewAnHourMustBeMissingLonger) {
  std::vector<std::int64_t> counts = BusyDays(14, 3);
  for (std::size_t hour = 8; hour < 11; ++hour) {
    counts[10 * 24 + hour] = 0;
  }
  EXPECT_TRUE(FindSilences(counts, 24).empty());
  counts[10 * 24 + 11] = 0;
  const std::vector<Silence> silences = FindSilences(counts, 24);
  ASSERT_EQ(silences.size(), 1U);
  EXPECT_EQ(silences[0].expected, 12);
}

TEST(SilenceTest, NeedsThreeDays) {
  std::vector<std::int64_t> counts = BusyDays(4, 50);
  counts[2 * 24 + 12] = 0;
  EXPECT_TRUE(FindSilences(counts, 24).empty());
}

TEST(SilenceTest, IsSeenAgainTheNextDay) {
  // A day without anything does not make the next one usual.
  std::vector<std::int64_t> counts = BusyDays(14, 50);
  std::fill(counts.begin() + 9 * 24, counts.begin() + 11 * 24, 0);
  const std::vector<Silence> silences = FindSilences(counts, 24);
  ASSERT_EQ(silences.size(), 1U);
  EXPECT_EQ(silences[0].end_step, 11U * 24 + 8);  // When something comes again.
  EXPECT_EQ(silences[0].expected, 2 * 12 * 50);
}

TEST(SilenceTest, DaysOffAreUsualFromTheSecondWeekOn) {
  std::vector<std::int64_t> counts = BusyDays(28, 50);
  for (std::size_t hour = 0; hour < counts.size(); ++hour) {
    counts[hour] = hour / 24 % 7 >= 5 ? 0 : counts[hour];
  }
  for (const Silence& silence : FindSilences(counts, 24)) {
    EXPECT_LT(silence.first_step, 7U * 24);
  }
}

}  // namespace
}  // namespace sightline::analytics
