// SPDX-License-Identifier: Apache-2.0
#include "analytics/forecast/forecast.h"

#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

#include <gtest/gtest.h>

namespace sightline::analytics {
namespace {

constexpr double kGap = std::numeric_limits<double>::quiet_NaN();

// A fixed sequence without pattern in [-0.5, 0.5).
double NoiseAt(std::size_t t) {
  std::uint64_t x = (t + 1) * 0x9E3779B97F4A7C15U;
  x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9U;
  x = (x ^ (x >> 27)) * 0x94D049BB133111EBU;
  return static_cast<double>((x ^ (x >> 31)) >> 11) / 9007199254740992.0 - 0.5;
}

// Hourly: busy by day, quiet by night and at weekends.
double BusyHour(std::size_t t) {
  const double day = t % 24 < 8 ? 0.3 : 1;
  const double week = t % 168 >= 120 ? 0.5 : 1;
  return 200 * day * week;
}

template <typename Value>
std::vector<double> Make(std::size_t count, const Value& value) {
  std::vector<double> values;
  for (std::size_t t = 0; t < count; ++t) {
    values.push_back(value(t));
  }
  return values;
}

// Every answer, whatever the values: finite, of the wanted length, bands in order.
void ExpectSound(const Forecast& forecast, const ForecastRequest& request) {
  ASSERT_EQ(forecast.mean.size(), request.horizon);
  ASSERT_EQ(forecast.bands.size(), request.levels.size());
  for (const ForecastBand& band : forecast.bands) {
    ASSERT_EQ(band.lower.size(), request.horizon);
    ASSERT_EQ(band.upper.size(), request.horizon);
    for (std::size_t h = 0; h < request.horizon; ++h) {
      ASSERT_TRUE(std::isfinite(forecast.mean[h]));
      ASSERT_TRUE(std::isfinite(band.lower[h]));
      ASSERT_TRUE(std::isfinite(band.upper[h]));
      ASSERT_LE(band.lower[h], forecast.mean[h]);
      ASSERT_GE(band.upper[h], forecast.mean[h]);
    }
  }
}

TEST(ForecastTest, ContinuesPlantedSeasons) {
  const std::vector<double> values =
      Make(1000, [](std::size_t t) { return BusyHour(t) * (1 + 0.1 * NoiseAt(t)); });
  const ForecastRequest request{.values = values, .step_seconds = 3600, .horizon = 48};
  const Forecast forecast = MakeForecast(request);
  ExpectSound(forecast, request);
  EXPECT_EQ(forecast.basis, ForecastBasis::kOwnPast);
  EXPECT_EQ(forecast.seasons, (std::vector<std::size_t>{24, 168}));
  EXPECT_EQ(forecast.used_values, 1000U);
  for (std::size_t h = 0; h < 48; ++h) {
    EXPECT_NEAR(forecast.mean[h], BusyHour(1000 + h), 12) << h;
  }
}

TEST(ForecastTest, HasNarrowBandsWhereLittleIsUncertain) {
  const std::vector<double> values =
      Make(1000, [](std::size_t t) { return BusyHour(t) + NoiseAt(t); });
  const Forecast forecast = MakeForecast({.values = values, .horizon = 24});
  ASSERT_EQ(forecast.bands.size(), 3U);
  for (std::size_t h = 0; h < 24; ++h) {
    EXPECT_LT(forecast.bands[2].upper[h] - forecast.bands[2].lower[h], 12) << h;
    EXPECT_LE(forecast.bands[0].upper[h], forecast.bands[2].upper[h]) << h;
  }
}

TEST(ForecastTest, FollowsATrendAndAStep) {
  const std::vector<double> line =
      Make(300, [](std::size_t t) { return 10.0 + 2.0 * static_cast<double>(t); });
  const Forecast rising = MakeForecast({.values = line, .step_seconds = 604'800, .horizon = 13});
  EXPECT_NEAR(rising.mean[12], 10.0 + 2.0 * 312, 20);

  const std::vector<double> step =
      Make(400, [](std::size_t t) { return (t < 300 ? 10.0 : 50.0) + NoiseAt(t); });
  const Forecast after = MakeForecast({.values = step, .step_seconds = 3600, .horizon = 24});
  for (const double value : after.mean) {
    EXPECT_NEAR(value, 50, 8);
  }
}

struct SoundCase {
  const char* name;
  std::vector<double> values;
};

TEST(ForecastTest, AnswersWhateverTheValues) {
  const double huge = 1e15;
  const SoundCase cases[] = {
      {"one value", {5}},
      {"two values", {5, 6}},
      {"gaps and one value", {kGap, 5, kGap, kGap}},
      {"constant", std::vector<double>(500, 42.0)},
      {"zeros", std::vector<double>(500, 0.0)},
      {"negative", Make(500, [](std::size_t t) { return -100 - 10 * NoiseAt(t); })},
      {"huge", Make(500, [huge](std::size_t t) { return huge * (1 + 0.1 * NoiseAt(t)); })},
      {"both signs, huge", Make(500, [huge](std::size_t t) { return huge * NoiseAt(t); })},
      {"tiny", Make(500, [](std::size_t t) { return 1e-300 * (1 + NoiseAt(t)); })},
      {"one spike", Make(500, [huge](std::size_t t) { return t == 250 ? huge : 1.0; })},
      {"growing without bound",
       Make(500, [](std::size_t t) { return std::exp2(static_cast<double>(t) / 2.0); })},
      {"every other value unknown",
       Make(500, [](std::size_t t) { return t % 2 == 0 ? BusyHour(t) : kGap; })},
      {"unknown from the middle",
       Make(500, [](std::size_t t) { return t < 250 ? BusyHour(t) : kGap; })},
      {"mostly zero", Make(500, [](std::size_t t) { return t % 50 == 0 ? 3.0 : 0.0; })},
  };
  for (const SoundCase& example : cases) {
    SCOPED_TRACE(example.name);
    for (const std::int64_t step : {60, 3600, 86'400, 604'800}) {
      const ForecastRequest request{.values = example.values, .step_seconds = step, .horizon = 13};
      ExpectSound(MakeForecast(request), request);
    }
  }
}

TEST(ForecastTest, ContinuesAConstantWithoutDoubt) {
  const std::vector<double> values(500, 42.0);
  const Forecast forecast = MakeForecast({.values = values, .horizon = 24});
  for (std::size_t h = 0; h < 24; ++h) {
    EXPECT_NEAR(forecast.mean[h], 42, 1e-6);
    EXPECT_NEAR(forecast.bands[2].lower[h], 42, 1e-6);
    EXPECT_NEAR(forecast.bands[2].upper[h], 42, 1e-6);
  }
  EXPECT_TRUE(forecast.seasons.empty());
}

TEST(ForecastTest, SaysWhenThereIsNothingOrLittle) {
  const std::vector<double> none = {kGap, kGap};
  EXPECT_EQ(MakeForecast({.values = none}).basis, ForecastBasis::kNothing);
  EXPECT_EQ(MakeForecast({}).basis, ForecastBasis::kNothing);
  EXPECT_TRUE(MakeForecast({}).mean.empty());
  const std::vector<double> few = {3, 4, 5, 4};
  EXPECT_EQ(MakeForecast({.values = few}).basis, ForecastBasis::kLittleData);
  EXPECT_FALSE(MakeBacktest({.values = few}).has_value());
  EXPECT_FALSE(MakeBacktest({.values = none}).has_value());
}

TEST(ForecastTest, IsNeverNegativeAfterValuesThatNeverWere) {
  const std::vector<double> values =
      Make(400, [](std::size_t t) { return std::max(0.0, 50.0 - 0.15 * static_cast<double>(t)); });
  const Forecast forecast = MakeForecast({.values = values, .horizon = 48});
  for (std::size_t h = 0; h < 48; ++h) {
    EXPECT_GE(forecast.mean[h], 0);
    EXPECT_GE(forecast.bands[2].lower[h], 0);
  }
}

TEST(ForecastTest, ScalesWithItsValues) {
  const std::vector<double> values =
      Make(600, [](std::size_t t) { return BusyHour(t) * (1 + 0.2 * NoiseAt(t)); });
  const std::vector<double> scaled =
      Make(600, [](std::size_t t) { return 1024 * BusyHour(t) * (1 + 0.2 * NoiseAt(t)); });
  const Forecast one = MakeForecast({.values = values, .horizon = 12});
  const Forecast other = MakeForecast({.values = scaled, .horizon = 12});
  for (std::size_t h = 0; h < 12; ++h) {
    EXPECT_NEAR(other.mean[h], 1024 * one.mean[h], 1e-3 * other.mean[h]);
  }
}

TEST(ForecastTest, OfRunningSumsAddsUpWhatItSaysOfValues) {
  const std::vector<double> values =
      Make(600, [](std::size_t t) { return BusyHour(t) + 20 * NoiseAt(t); });
  const Forecast each = MakeForecast({.values = values, .horizon = 24});
  const Forecast sums =
      MakeForecast({.values = values, .horizon = 24, .of = ForecastOf::kRunningSums});
  double sum = 0;
  double widths = 0;
  for (std::size_t h = 0; h < 24; ++h) {
    sum += each.mean[h];
    widths += each.bands[1].upper[h] - each.mean[h];
    EXPECT_NEAR(sums.mean[h], sum, 1e-6 * sum);
  }
  // Errors of single values cancel out in part: the band of the sum is narrower than their sum.
  EXPECT_GT(sums.bands[1].upper[23], sums.mean[23]);
  EXPECT_LT(sums.bands[1].upper[23] - sums.mean[23], 0.7 * widths);
}

TEST(ForecastTest, OfRunningSumsIsWiderTheFartherWithLittleData) {
  const std::vector<double> few = {3, 4, 5, 4};
  const Forecast sums = MakeForecast({.values = few, .horizon = 5, .of = ForecastOf::kRunningSums});
  EXPECT_EQ(sums.basis, ForecastBasis::kLittleData);
  for (std::size_t h = 1; h < 5; ++h) {
    EXPECT_GT(sums.mean[h], sums.mean[h - 1]);
    EXPECT_GT(sums.bands[1].upper[h] - sums.mean[h], sums.bands[1].upper[h - 1] - sums.mean[h - 1]);
  }
}

TEST(BacktestTest, IsTheSameTogetherWithAForecast) {
  const std::vector<double> values =
      Make(500, [](std::size_t t) { return BusyHour(t) + 20 * NoiseAt(t); });
  const ForecastRequest request{.values = values, .horizon = 12};
  const CheckedForecast both = MakeCheckedForecast(request);
  EXPECT_EQ(both.forecast.mean, MakeForecast(request).mean);
  ASSERT_TRUE(both.backtest);
  EXPECT_EQ(both.backtest->mean_absolute_error, MakeBacktest(request)->mean_absolute_error);
}

TEST(BacktestTest, OfRunningSumsHasTheCoverageOfSums) {
  const std::vector<double> values =
      Make(1000, [](std::size_t t) { return BusyHour(t) + 20 * NoiseAt(t); });
  const std::optional<Backtest> backtest =
      MakeBacktest({.values = values, .horizon = 24, .of = ForecastOf::kRunningSums});
  ASSERT_TRUE(backtest.has_value());
  EXPECT_FALSE(backtest->mase.has_value());
  EXPECT_NEAR(backtest->coverage[1].share, 0.8, 0.15);
}

TEST(BacktestTest, ShowsTheCoverageThatBandsHad) {
  const std::vector<double> values =
      Make(1000, [](std::size_t t) { return BusyHour(t) + 20 * NoiseAt(t); });
  const std::optional<Backtest> backtest = MakeBacktest({.values = values, .horizon = 24});
  ASSERT_TRUE(backtest.has_value());
  EXPECT_GE(backtest->origins, 5U);
  EXPECT_EQ(backtest->compared_values, backtest->origins * 24);
  ASSERT_EQ(backtest->coverage.size(), 3U);
  EXPECT_NEAR(backtest->coverage[0].share, 0.5, 0.12);
  EXPECT_NEAR(backtest->coverage[1].share, 0.8, 0.1);
  EXPECT_NEAR(backtest->coverage[2].share, 0.95, 0.05);
  EXPECT_LT(backtest->mean_absolute_error, backtest->naive_error);
  EXPECT_NEAR(backtest->mean_absolute_error, 5, 1.5);  // The mean distance of the noise from 0.
}

TEST(BacktestTest, RestsOnThePastOnly) {
  // When all later values change, what was said before them stays: the error there can be told.
  const std::vector<double> values = Make(
      1000, [](std::size_t t) { return t < 976 ? BusyHour(t) + NoiseAt(t) : BusyHour(t) + 1000; });
  const std::optional<Backtest> backtest = MakeBacktest({.values = values, .horizon = 24});
  ASSERT_TRUE(backtest.has_value());
  const auto origins = static_cast<double>(backtest->origins);
  EXPECT_NEAR(backtest->mean_absolute_error, 1000 / origins, 20);
  EXPECT_NEAR(backtest->coverage[2].share, (origins - 1) / origins, 0.1);
}

}  // namespace
}  // namespace sightline::analytics
