// SPDX-License-Identifier: Apache-2.0
#include "store/embedded/newest_first.h"

#include <cstdint>
#include <limits>

#include <gtest/gtest.h>

namespace sightline::store::embedded {
namespace {

constexpr std::int64_t kHour = 3'600'000'000'000;
constexpr std::int64_t kNone = std::numeric_limits<std::int64_t>::max();

// All up to a time.
TimeRange UpTo(std::int64_t last_ns) {
  return {.first_ns = std::numeric_limits<std::int64_t>::min(), .last_ns = last_ns};
}

constexpr TimeRange kDay = {.first_ns = 1000 * kHour, .last_ns = 1024 * kHour};

TEST(NewestFirstTest, LooksAtAllOfASmallDay) {
  EXPECT_FALSE(NewestFirst(0, kDay, UpTo(kNone), 50).floor_ns());
  EXPECT_FALSE(NewestFirst(50'000, kDay, UpTo(kNone), 50).floor_ns());
  EXPECT_FALSE(NewestFirst(1'000'000, {}, UpTo(kNone), 50).floor_ns());
  EXPECT_FALSE(NewestFirst(1'000'000, {.first_ns = 5, .last_ns = 5}, UpTo(kNone), 50).floor_ns());
}

TEST(NewestFirstTest, LooksBackAsFarAsAFewTimesTheRowsShouldReach) {
  // 240 rows of 2,400,000 are 24 h / 10,000; four times that.
  const NewestFirst newest(2'400'000, kDay, UpTo(kNone), 240);
  EXPECT_EQ(newest.floor_ns(), kDay.last_ns - 4 * 24 * kHour / 10'000);
  const NewestFirst page(2'400'000, kDay, UpTo(1010 * kHour), 240);
  EXPECT_EQ(page.floor_ns(), 1010 * kHour - 4 * 24 * kHour / 10'000);
  EXPECT_FALSE(NewestFirst(2'400'000, kDay, UpTo(1000 * kHour), 240).floor_ns())
      << "nothing is before";
}

TEST(NewestFirstTest, LooksNoFurtherBackThanIsAsked) {
  const std::int64_t width = 4 * 24 * kHour / 10'000;
  const auto floor_from = [&](std::int64_t first_ns) {
    return NewestFirst(2'400'000, kDay, {.first_ns = first_ns, .last_ns = kNone}, 240).floor_ns();
  };
  EXPECT_EQ(floor_from(kDay.last_ns - width - 1), kDay.last_ns - width);
  EXPECT_FALSE(floor_from(kDay.last_ns - width)) << "the query's own bound is as near";
}

TEST(NewestFirstTest, ComesToTheWholeDayWhenItIsWidened) {
  NewestFirst newest(2'400'000, kDay, UpTo(kNone), 240);
  std::int64_t floor_ns = *newest.floor_ns();
  int times = 0;
  for (newest.Widen(); newest.floor_ns(); newest.Widen()) {
    EXPECT_LT(*newest.floor_ns(), floor_ns);
    floor_ns = *newest.floor_ns();
    ASSERT_LT(++times, 10);
  }
  EXPECT_EQ(times, 2);
}

TEST(NewestFirstTest, TakesTimesOfEveryKind) {
  constexpr std::int64_t kLeast = std::numeric_limits<std::int64_t>::min();
  for (NewestFirst newest(1'000'000, {.first_ns = kLeast, .last_ns = kNone}, UpTo(kNone), 100);
       newest.floor_ns(); newest.Widen()) {
    EXPECT_LT(*newest.floor_ns(), kNone);
  }
  EXPECT_FALSE(
      NewestFirst(60'000, {.first_ns = 0, .last_ns = kNone}, UpTo(kLeast), 100).floor_ns());
  EXPECT_FALSE(NewestFirst(60'000, kDay, UpTo(kNone), 1'000'000).floor_ns());
}

}  // namespace
}  // namespace sightline::store::embedded
