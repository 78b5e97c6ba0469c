// SPDX-License-Identifier: Apache-2.0
#include "store/embedded/body_places.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <limits>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace sightline::store::embedded {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr std::uint64_t kHighest = std::numeric_limits<std::uint64_t>::max();

TEST(BodyPlacesTest, FindsNothingWhenEmpty) {
  const BodyPlaces places;
  EXPECT_THAT(places.Find(0), IsEmpty());
  EXPECT_EQ(places.size(), 0U);
}

TEST(BodyPlacesTest, FindsEveryFrameWhoseRangeHoldsTheId) {
  BodyPlaces places;
  places.Add(10, 20, 3'000);
  places.Add(21, 30, 2'000);
  places.Add(15, 25, 1'000);
  EXPECT_THAT(places.Find(9), IsEmpty());
  EXPECT_THAT(places.Find(10), ElementsAre(3'000));
  EXPECT_THAT(places.Find(18), ElementsAre(1'000, 3'000));
  EXPECT_THAT(places.Find(22), ElementsAre(1'000, 2'000));
  EXPECT_THAT(places.Find(30), ElementsAre(2'000));
  EXPECT_THAT(places.Find(31), IsEmpty());
  EXPECT_EQ(places.size(), 3U);
}

TEST(BodyPlacesTest, TakesRangesAtBothEndsAndEmptyOnes) {
  BodyPlaces places;
  places.Add(0, 0, 1);
  places.Add(kHighest, kHighest, 2);
  places.Add(0, kHighest, 3);
  places.Add(7, 6, 4);
  EXPECT_THAT(places.Find(0), ElementsAre(1, 3));
  EXPECT_THAT(places.Find(6), ElementsAre(3));
  EXPECT_THAT(places.Find(7), ElementsAre(3));
  EXPECT_THAT(places.Find(kHighest), ElementsAre(2, 3));
}

TEST(BodyPlacesTest, AgreesWithASearchOfAllRanges) {
  struct Range {
    std::uint64_t first;
    std::uint64_t last;
    std::uint64_t offset;
  };

  BodyPlaces places;
  std::vector<Range> ranges;
  std::uint64_t state = 1;
  const auto next = [&](std::uint64_t bound) {
    state = state * 6364136223846793005U + 1442695040888963407U;
    return (state >> 33U) % bound;
  };
  for (std::uint64_t i = 0; i < 500; ++i) {
    const std::uint64_t first = next(1'000);
    const Range range{first, first + next(i % 10 == 0 ? 1'000 : 20), i};
    places.Add(range.first, range.last, range.offset);
    ranges.push_back(range);
    const std::uint64_t id = next(1'100);
    std::vector<std::uint64_t> expected;
    for (const Range& each : ranges) {
      if (each.first <= id && id <= each.last) {
        expected.push_back(each.offset);
      }
    }
    EXPECT_EQ(places.Find(id), expected);
  }
}

// One range over all ids must not make each look-up walk through every frame: 100,000 look-ups of
// 100,000 frames would be 10^10 steps, far beyond the deadline.
TEST(BodyPlacesTest, IsQuickWithManyFramesBelowAWideOne) {
  constexpr std::uint64_t kFrames = 100'000;
  BodyPlaces places;
  places.Add(0, kHighest, 0);
  for (std::uint64_t i = 1; i <= kFrames; ++i) {
    places.Add(i * 10, i * 10 + 14, i);
  }
  EXPECT_EQ(places.size(), kFrames + 1);
  const auto begin = std::chrono::steady_clock::now();
  std::uint64_t found = 0;
  for (std::uint64_t i = 1; i <= kFrames; ++i) {
    found += places.Find(i * 10 + 7).size();
  }
  EXPECT_EQ(found, 2 * kFrames);
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(30));
}

TEST(BodyPlacesTest, ServesReadersWhileOthersAdd) {
  constexpr std::uint64_t kFrames = 5'000;
  BodyPlaces places;
  std::atomic<std::uint64_t> added = 0;
  std::jthread adder([&] {
    for (std::uint64_t i = 0; i < kFrames; ++i) {
      places.Add(i, i, i);
      added = i + 1;
    }
  });
  while (added < kFrames) {
    const std::uint64_t before = added;
    if (before > 0) {
      EXPECT_THAT(places.Find(before - 1), ElementsAre(before - 1));
    }
  }
  adder.join();
  EXPECT_EQ(places.size(), kFrames);
}

}  // namespace
}  // namespace sightline::store::embedded
