// SPDX-License-Identifier: Apache-2.0
#include "demo/random.h"

#include <algorithm>
#include <array>
#include <set>
#include <vector>

#include <gtest/gtest.h>

namespace sightline::demo {
namespace {

TEST(RandomTest, SameSeedGivesTheSameStream) {
  Random a(42);
  Random b(42);
  Random other(43);
  int equal_to_other = 0;
  for (int i = 0; i < 1000; ++i) {
    const std::uint64_t value = a.Next();
    EXPECT_EQ(value, b.Next());
    equal_to_other += value == other.Next() ? 1 : 0;
  }
  EXPECT_EQ(equal_to_other, 0);
}

TEST(RandomTest, BetweenReachesBothEndsAndNothingElse) {
  Random random(1);
  std::set<std::int64_t> seen;
  for (int i = 0; i < 1000; ++i) {
    seen.insert(random.Between(-2, 3));
  }
  EXPECT_EQ(seen, (std::set<std::int64_t>{-2, -1, 0, 1, 2, 3}));
}

TEST(RandomTest, LogNormalHasItsMedianInTheMiddle) {
  Random random(2);
  std::vector<double> values(20'001);
  std::ranges::generate(values, [&] { return random.LogNormal(3.0, 0.5); });
  std::ranges::sort(values);
  EXPECT_NEAR(values[values.size() / 2], 3.0, 0.1);
  EXPECT_NEAR(values[values.size() * 95 / 100], 3.0 * 2.276, 0.3);
  EXPECT_GT(values.front(), 0.0);
}

TEST(RandomTest, WeightedFollowsTheWeights) {
  Random random(3);
  std::array<int, 3> counts{};
  constexpr auto kWeights = std::to_array<double>({1.0, 0.0, 3.0});
  for (int i = 0; i < 10'000; ++i) {
    ++counts[random.Weighted(kWeights)];
  }
  EXPECT_NEAR(counts[0], 2500, 200);
  EXPECT_EQ(counts[1], 0);
}

TEST(RandomTest, UuidsHaveVersionAndVariant) {
  Random random(4);
  const std::string uuid = random.Uuid();
  ASSERT_EQ(uuid.size(), 36U);
  EXPECT_EQ(uuid[14], '4');
  EXPECT_NE(std::string("89ab").find(uuid[19]), std::string::npos);
  EXPECT_NE(uuid, random.Uuid());
}

}  // namespace
}  // namespace sightline::demo
