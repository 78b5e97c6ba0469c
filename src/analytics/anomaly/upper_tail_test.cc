// SPDX-License-Identifier: Apache-2.0
#include "analytics/anomaly/upper_tail.h"

#include <cmath>
#include <cstddef>

#include <gtest/gtest.h>

namespace sightline::analytics {
namespace {

// The shares 0.5/n, 1.5/n, ... in an order that jumps about, as quantiles of `Quantile`.
template <typename Quantile>
UpperTail TailOf(std::size_t n, Quantile quantile) {
  UpperTail tail;
  for (std::size_t i = 0; i < n; ++i) {
    tail.Add(quantile((static_cast<double>(i * 7919 % n) + 0.5) / static_cast<double>(n)));
  }
  return tail;
}

TEST(UpperTailTest, KnowsNothingBefore10Values) {
  UpperTail tail;
  for (int i = 0; i < 9; ++i) {
    tail.Add(1);
  }
  EXPECT_EQ(tail.Surprise(1e9, 0), 0);
  tail.Add(1);
  EXPECT_GT(tail.Surprise(1e9, 0), 3);
}

TEST(UpperTailTest, CountsWhatIsAsLargeBelowTheEdge) {
  const UpperTail tail = TailOf(1'000, [](double share) { return share; });
  EXPECT_EQ(tail.Surprise(0.5, 0), 0);
  EXPECT_NEAR(tail.Surprise(0.9, 0), 1, 0.05);
  EXPECT_NEAR(tail.Edge(), 0.97, 0.002);
}

TEST(UpperTailTest, FitsThinAndHeavyTails) {
  // Of exponential values one in 10^4 is above ln(10^4); of Pareto values with exponent 2 one in
  // 10^4 is above 100.
  const UpperTail thin = TailOf(4'001, [](double share) { return -std::log(1 - share); });
  EXPECT_NEAR(thin.Surprise(std::log(1e4), 0), 4, 0.3);
  EXPECT_NEAR(thin.Surprise(std::log(1e6), 0), 6, 0.6);
  const UpperTail heavy = TailOf(4'001, [](double share) { return 1 / std::sqrt(1 - share); });
  EXPECT_NEAR(heavy.Surprise(100, 0), 4, 0.3);
  EXPECT_NEAR(heavy.Surprise(1000, 0), 6, 0.9);
}

TEST(UpperTailTest, GrowsWithTheValue) {
  const UpperTail tail = TailOf(500, [](double share) { return share; });
  double before = 0;
  for (double value = 0; value < 3; value += 0.01) {
    const double digits = tail.Surprise(value, 0);
    EXPECT_GE(digits, before - 0.05) << value;
    before = digits;
  }
  EXPECT_LE(tail.Surprise(1e300, 0), 30);
}

TEST(UpperTailTest, TakesRoundingErrorsForEqual) {
  const UpperTail tail = TailOf(1'000, [](double) { return 1.0; });
  EXPECT_EQ(tail.Surprise(1 + 1e-15, 1e-9), tail.Surprise(1, 1e-9));
  EXPECT_GT(tail.Surprise(1.1, 1e-9), 5);
}

TEST(UpperTailTest, ForgetsOldValues) {
  UpperTail tail;
  for (int i = 0; i < 2'000; ++i) {
    tail.Add(100);
  }
  EXPECT_LT(tail.Surprise(100, 0), 1);
  for (int i = 0; i < 150'000; ++i) {
    tail.Add(i % 100 * 0.1);
  }
  EXPECT_GT(tail.Surprise(100, 0), 2);
}

}  // namespace
}  // namespace sightline::analytics
