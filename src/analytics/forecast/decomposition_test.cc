// SPDX-License-Identifier: Apache-2.0
#include "analytics/forecast/decomposition.h"

#include <cmath>
#include <cstdint>
#include <vector>

#include <gtest/gtest.h>

namespace sightline::analytics {
namespace {

// A fixed sequence without pattern in [-0.5, 0.5).
double NoiseAt(std::size_t t) {
  std::uint64_t x = (t + 1) * 0x9E3779B97F4A7C15U;
  x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9U;
  x = (x ^ (x >> 27)) * 0x94D049BB133111EBU;
  return static_cast<double>((x ^ (x >> 31)) >> 11) / 9007199254740992.0 - 0.5;
}

TEST(DecomposeTest, FindsPlantedSeasons) {
  std::vector<double> values;
  for (std::size_t t = 0; t < 1000; ++t) {
    const double daily = t % 24 < 8 ? -10 : 5;
    const double weekly = t % 168 >= 120 ? -4 : 1.6;
    values.push_back(100 + daily + weekly + NoiseAt(t));
  }
  const Decomposition parts = Decompose(values, std::vector<std::size_t>{24, 168}, 6);
  ASSERT_EQ(parts.periods.size(), 2U);
  EXPECT_GT(parts.strengths[0], 0.9);
  EXPECT_GT(parts.strengths[1], 0.8);
  for (std::size_t t = 0; t < 168; ++t) {
    const double planted = (t % 24 < 8 ? -10 : 5) + (t % 168 >= 120 ? -4 : 1.6);
    EXPECT_NEAR(parts.SeasonAt(t), planted, 1.5) << t;
  }
}

TEST(DecomposeTest, BelievesLittleInNoise) {
  std::vector<double> values;
  for (std::size_t t = 0; t < 1000; ++t) {
    values.push_back(NoiseAt(t));
  }
  const Decomposition parts = Decompose(values, std::vector<std::size_t>{24}, 6);
  ASSERT_EQ(parts.strengths.size(), 1U);
  EXPECT_LT(parts.strengths[0], 0.5);
}

TEST(DecomposeTest, LeavesOutSeasonsThatDoNotFitTwice) {
  const std::vector<double> values(40, 1.0);
  const Decomposition parts = Decompose(values, std::vector<std::size_t>{7, 24}, 6);
  EXPECT_EQ(parts.periods, (std::vector<std::size_t>{7}));
  EXPECT_EQ(parts.rest, values);
}

}  // namespace
}  // namespace sightline::analytics
