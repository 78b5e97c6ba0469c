// SPDX-License-Identifier: Apache-2.0
#include "analytics/forecast/autoregression.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <vector>

#include <gtest/gtest.h>

namespace sightline::analytics {
namespace {

using Lags = std::vector<std::size_t>;

TEST(AutoregressionTest, ContinuesAnAutoregressiveSeries) {
  // A sine is an exact regression on its last two values.
  std::vector<double> values;
  for (int t = 0; t < 220; ++t) {
    values.push_back(5 + std::sin(0.3 * t));
  }
  const std::vector<double> forecast =
      ForecastAutoregression(std::span(values).first(200), 20, {.lags = {1, 2}, .ridge = 1e-9});
  ASSERT_EQ(forecast.size(), 20U);
  for (std::size_t h = 0; h < 20; ++h) {
    EXPECT_NEAR(forecast[h], values[200 + h], 1e-3) << h;
  }
}

TEST(AutoregressionTest, ContinuesAConstantAsItself) {
  const std::vector<double> values(60, -7.5);
  EXPECT_EQ(ForecastAutoregression(values, 3, {.lags = {1, 2}}),
            (std::vector<double>{-7.5, -7.5, -7.5}));
}

TEST(AutoregressionTest, ContinuesALineFromItsChanges) {
  std::vector<double> values;
  for (int t = 0; t < 60; ++t) {
    values.push_back(3.0 * t);
  }
  const std::vector<double> forecast =
      ForecastAutoregression(values, 2, {.lags = {1}, .difference = 1});
  ASSERT_EQ(forecast.size(), 2U);
  EXPECT_NEAR(forecast[0], 180, 1e-6);
  EXPECT_NEAR(forecast[1], 183, 1e-6);
}

TEST(AutoregressionTest, SaysNothingFromTooFewValues) {
  const std::vector<double> values(10, 1.0);
  EXPECT_TRUE(ForecastAutoregression(values, 3, {.lags = {1, 7}}).empty());
}

TEST(AutoregressionTest, StaysNearTheHistoryWhenUnstable) {
  std::vector<double> values;
  for (int t = 0; t < 60; ++t) {
    values.push_back(std::pow(1.5, t));
  }
  const double largest = values.back();
  for (const double value : ForecastAutoregression(values, 100, {.lags = {1, 2}})) {
    EXPECT_LE(value, 2 * largest + 1);
  }
}

TEST(LagsForTest, AreAscendingAndUnique) {
  for (const LagSet set :
       {LagSet::kShort, LagSet::kLong, LagSet::kLongest, LagSet::kDense, LagSet::kSmallest}) {
    for (const Lags& periods : {Lags{}, Lags{7}, Lags{24, 168}, Lags{12, 288, 2016}}) {
      const Lags lags = LagsFor(periods, set);
      ASSERT_FALSE(lags.empty());
      EXPECT_GE(lags.front(), 1U);
      EXPECT_TRUE(std::adjacent_find(lags.begin(), lags.end(), std::greater_equal<>()) ==
                  lags.end());
    }
  }
}

TEST(LagsForTest, HoldTheSeasonsAndTheirNeighbours) {
  const Lags periods = {24, 168};
  EXPECT_EQ(LagsFor(periods, LagSet::kShort), (Lags{1, 2, 3, 24, 25, 48, 168, 169}));
  EXPECT_EQ(LagsFor(periods, LagSet::kLong),
            (Lags{1, 2, 3, 23, 24, 25, 48, 72, 96, 120, 144, 167, 168, 169}));
}

}  // namespace
}  // namespace sightline::analytics
