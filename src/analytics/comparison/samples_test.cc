// SPDX-License-Identifier: Apache-2.0
#include "analytics/comparison/samples.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <random>
#include <vector>

#include <gtest/gtest.h>

namespace sightline::analytics {
namespace {

std::vector<double> Draw(std::mt19937& random, std::size_t count, double factor) {
  std::vector<double> figures;
  std::lognormal_distribution<double> distribution(2, 0.5);
  for (std::size_t i = 0; i < count; ++i) {
    figures.push_back(distribution(random) * factor);
  }
  std::sort(figures.begin(), figures.end());
  return figures;
}

TEST(CompareSamplesTest, AgreesWithASmallExampleByHand) {
  // Differences of each pair, ascending: 3 4 4 5 5 5 5 6 6 6 6 6 7 7 7 7 7 8 8 8 8 9 9 10 -> of
  // {1..5} and {6..10} they are 1..9, the median 5.
  const std::vector<double> a = {1, 2, 3, 4, 5};
  const std::vector<double> b = {6, 7, 8, 9, 10};
  const auto shift = CompareSamples(a, b);
  ASSERT_TRUE(shift.has_value());
  EXPECT_DOUBLE_EQ(shift->difference, 5);
  // U = 25 of 25, mean 12.5, variance 25 * 11 / 12: z = 12 / 4.787 = 2.507.
  EXPECT_NEAR(shift->p, 0.01219, 1e-4);
  EXPECT_EQ(shift->verdict, Verdict::kHigher);
}

TEST(CompareSamplesTest, JudgesByHowSureItIs) {
  std::mt19937 random(7);
  const std::vector<double> many = Draw(random, 2000, 1);
  EXPECT_EQ(CompareSamples(many, Draw(random, 2000, 1.2))->verdict, Verdict::kHigher);
  EXPECT_EQ(CompareSamples(many, Draw(random, 2000, 0.8))->verdict, Verdict::kLower);
  EXPECT_EQ(CompareSamples(many, Draw(random, 2000, 1))->verdict, Verdict::kNoChange);
  EXPECT_EQ(CompareSamples(Draw(random, 8, 1), Draw(random, 8, 1))->verdict,
            Verdict::kNotEnoughData);
  EXPECT_FALSE(CompareSamples(Draw(random, 4, 1), many).has_value());
}

TEST(CompareSamplesTest, FindsTheShiftAndHoldsItsConfidence) {
  std::mt19937 random(1);
  int outside = 0;
  for (int i = 0; i < 400; ++i) {
    std::vector<double> b = Draw(random, 40, 1);
    for (double& figure : b) {
      figure += 3;
    }
    const auto shift = CompareSamples(Draw(random, 30, 1), b);
    outside += shift->low > 3 || shift->high < 3 ? 1 : 0;
  }
  EXPECT_LE(outside, 12);  // 1.25 % are 5; 12 and more come once in 300 times.
}

TEST(CompareSamplesTest, TakesEqualFiguresAsNoChange) {
  const std::vector<double> same(20, 3.0);
  EXPECT_EQ(CompareSamples(same, same)->verdict, Verdict::kNoChange);
  const std::vector<double> zeros(20, 0.0);
  EXPECT_EQ(CompareSamples(zeros, zeros)->verdict, Verdict::kNoChange);
}

TEST(SummarizeTest, GivesQuantilesWithIntervals) {
  std::vector<double> figures;
  for (int i = 1; i <= 100; ++i) {
    figures.push_back(i);
  }
  const auto summary = Summarize(figures);
  ASSERT_TRUE(summary.has_value());
  EXPECT_DOUBLE_EQ(summary->mean, 50.5);
  EXPECT_DOUBLE_EQ(summary->p50.value, 50);
  EXPECT_DOUBLE_EQ(summary->p95.value, 95);
  // 50 +- 9.8 and 95 +- 4.27 as ranks.
  EXPECT_NEAR(summary->p50.low, 41, 1);
  EXPECT_NEAR(summary->p50.high, 61, 1);
  EXPECT_NEAR(summary->p95.low, 91, 1);
  EXPECT_DOUBLE_EQ(summary->p95.high, 100);
  EXPECT_FALSE(Summarize({}).has_value());
}

struct RateCase {
  Part a;
  Part b;
  Verdict verdict;
};

TEST(SummarizeTest, HoldsEachQuantileWithinItsInterval) {
  std::vector<double> sorted;
  for (int i = 1; i <= 50; ++i) {
    sorted.push_back(i);
    const auto summary = Summarize(sorted);
    ASSERT_TRUE(summary.has_value());
    for (const QuantileEstimate& estimate : {summary->p50, summary->p95}) {
      EXPECT_LE(estimate.low, estimate.value) << i;
      EXPECT_LE(estimate.value, estimate.high) << i;
    }
  }
}

TEST(CompareRatesTest, JudgesByHowSureItIs) {
  const RateCase cases[] = {
      {{10, 1000}, {100, 1000}, Verdict::kHigher},  {{100, 1000}, {10, 1000}, Verdict::kLower},
      {{20, 1000}, {21, 1000}, Verdict::kNoChange}, {{0, 1000}, {0, 1000}, Verdict::kNoChange},
      {{0, 5}, {2, 5}, Verdict::kNotEnoughData},
  };
  for (const RateCase& test : cases) {
    EXPECT_EQ(CompareRates(test.a, test.b)->verdict, test.verdict) << test.a.part;
  }
  EXPECT_FALSE(CompareRates({0, 4}, {0, 100}).has_value());
}

TEST(CompareRatesTest, AgreesWithThePublishedExample) {
  // Newcombe (1998), 56/70 against 48/80: 0.0524 to 0.3339 with 95 %; ours is wider.
  const auto shift = CompareRates({48, 80}, {56, 70});
  EXPECT_NEAR(shift->difference, 0.2, 1e-12);
  EXPECT_LT(shift->low, 0.0524);
  EXPECT_GT(shift->high, 0.3339);
  EXPECT_NEAR(shift->low, 0.0096, 0.02);
  EXPECT_NEAR(shift->high, 0.368, 0.02);
}

}  // namespace
}  // namespace sightline::analytics
