// SPDX-License-Identifier: Apache-2.0
#include "base/generation_map.h"

#include <cstddef>
#include <cstdint>

#include <gtest/gtest.h>

#include "base/hash.h"

namespace sightline::base {
namespace {

struct Identity {
  std::size_t operator()(std::uint64_t key) const { return key; }
};

using Map = GenerationMap<std::uint64_t, std::uint32_t, Identity>;

// As evenly distributed as hashes are.
std::uint64_t KeyOf(std::uint64_t number) {
  return (number + 1) * 0x9E3779B97F4A7C15ULL;
}

TEST(GenerationMapTest, IsEmptyAtFirst) {
  const Map map(4);
  map.Prefetch(KeyOf(1));
  EXPECT_EQ(map.Find(KeyOf(1)), nullptr);
  EXPECT_EQ(map.Find(0), nullptr);
  EXPECT_EQ(map.size(), 0U);
}

TEST(GenerationMapTest, FindsWhatWasPutIn) {
  Map map(100'000);
  for (std::uint32_t i = 0; i < 50'000; ++i) {
    map.Insert(KeyOf(i), i);
    map.Prefetch(KeyOf(i + 1));
  }
  EXPECT_EQ(map.size(), 50'000U);
  for (std::uint32_t i = 0; i < 50'000; ++i) {
    map.Prefetch(KeyOf(i));
    ASSERT_NE(map.Find(KeyOf(i)), nullptr) << i;
    EXPECT_EQ(*map.Find(KeyOf(i)), i);
  }
  EXPECT_EQ(map.Find(KeyOf(50'000)), nullptr);
}

TEST(GenerationMapTest, KeepsKeysApartThatBelongToOnePlace) {
  Map map(100);
  constexpr std::uint64_t kTop = ~std::uint64_t{0} << 32U;  // The last place, and round the end.
  for (std::uint32_t i = 0; i < 10; ++i) {
    map.Insert(kTop + i, i);
  }
  for (std::uint32_t i = 0; i < 10; ++i) {
    ASSERT_NE(map.Find(kTop + i), nullptr);
    EXPECT_EQ(*map.Find(kTop + i), i);
  }
  EXPECT_EQ(map.Find(kTop + 10), nullptr);
}

TEST(GenerationMapTest, PutsANewValueInThePlaceOfTheOld) {
  Map map(4);
  map.Insert(KeyOf(1), 1);
  map.Insert(KeyOf(1), 2);
  EXPECT_EQ(*map.Find(KeyOf(1)), 2U);
  EXPECT_EQ(map.size(), 1U);
}

TEST(GenerationMapTest, ForgetsTheOldGenerationWhenTheYoungOneIsFull) {
  Map map(3);
  for (std::uint32_t i = 0; i < 6; ++i) {
    map.Insert(KeyOf(i), i);
  }
  EXPECT_NE(map.Find(KeyOf(0)), nullptr) << "two generations are full";
  map.Insert(KeyOf(6), 6);
  EXPECT_EQ(map.Find(KeyOf(2)), nullptr);
  for (std::uint32_t i = 3; i <= 6; ++i) {
    ASSERT_NE(map.Find(KeyOf(i)), nullptr) << i;
    EXPECT_EQ(*map.Find(KeyOf(i)), i);
  }
  EXPECT_EQ(map.size(), 4U);
}

TEST(GenerationMapTest, TheYoungGenerationHidesTheOld) {
  Map map(2);
  map.Insert(KeyOf(1), 1);
  map.Insert(KeyOf(2), 2);
  map.Insert(KeyOf(1), 3);
  EXPECT_EQ(*map.Find(KeyOf(1)), 3U);
}

TEST(GenerationMapTest, ForgetsAllWhenCleared) {
  Map map(2);
  map.Clear();
  for (std::uint32_t i = 0; i < 4; ++i) {
    map.Insert(KeyOf(i), i);
  }
  map.Clear();
  EXPECT_EQ(map.size(), 0U);
  for (std::uint32_t i = 0; i < 4; ++i) {
    EXPECT_EQ(map.Find(KeyOf(i)), nullptr);
  }
  map.Insert(KeyOf(1), 7);
  EXPECT_EQ(*map.Find(KeyOf(1)), 7U);
}

TEST(GenerationMapTest, DoesNotKeepTheKeyOfZeros) {
  GenerationMap<Hash128, std::uint32_t, Hash128Hasher> map(2);
  map.Insert({}, 1);
  EXPECT_EQ(map.size(), 0U);
  EXPECT_EQ(map.Find({}), nullptr);
  map.Insert({.high = 1}, 2);
  EXPECT_EQ(*map.Find({.high = 1}), 2U);
  EXPECT_EQ(map.Find({}), nullptr);
}

}  // namespace
}  // namespace sightline::base
