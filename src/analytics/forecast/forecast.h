// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace sightline::analytics {

// What a forecast, its bands and its backtest are about.
enum class ForecastOf {
  kValues,       // Each value ahead.
  kRunningSums,  // The sums of the values from the first ahead to each: what adds up until then.
};

// An evenly spaced series and what is asked about its future.
struct ForecastRequest {
  std::span<const double> values;    // Oldest first; NaN: not known. Lives as long as the call.
  std::int64_t step_seconds = 3600;  // From one value to the next; >= 1.
  std::size_t horizon = 24;          // Steps to look ahead; >= 1.
  std::vector<double> levels = {0.5, 0.8, 0.95};  // Shares that bands should hold; in (0, 1).
  ForecastOf of = ForecastOf::kValues;
};

// How far an answer can be believed.
enum class ForecastBasis {
  kNothing,     // No known value: no answer.
  kLittleData,  // Too few values to check the forecast on the past: its bands are a rule of thumb.
  kOwnPast,     // Methods and bands were chosen by their errors on the series' own past.
};

struct ForecastBand {
  double level = 0;
  std::vector<double> lower;  // One value for each step; lower <= upper.
  std::vector<double> upper;
};

struct Forecast {
  ForecastBasis basis = ForecastBasis::kNothing;
  std::vector<double> mean;          // One finite value for each step; empty for kNothing.
  std::vector<ForecastBand> bands;   // In the order of the wanted levels; empty for kNothing.
  std::size_t used_values = 0;       // Known values that the forecast rests on.
  std::size_t past_origins = 0;      // Moments of the past at which the methods were tried.
  std::vector<std::size_t> seasons;  // Lengths in steps of the seasons that stand out of the noise.
};

// What the same forecast would have been at moments of the past, and what came.
struct Backtest {
  struct Coverage {
    double level = 0;
    double share = 0;  // Of what came, how much lay inside the band of this level.
  };

  std::size_t origins = 0;          // Moments of the past that were forecast and compared.
  std::size_t compared_values = 0;  // Known values after those moments.
  double mean_absolute_error = 0;   // In the unit of the values.
  double naive_error =
      0;  // The error of repeating the last season (or value) from the same moments.
  std::optional<double> mase;      // Error over the mean step from season to season before; none if
                                   // that is 0 and of sums.
  std::vector<Coverage> coverage;  // In the order of the wanted levels.
};

// Continues a series. Some forty variants of simple methods (last season, exponential smoothing,
// Theta, seasonal decomposition, regressions on own past values, each on the values and on their
// logarithm) are tried at up to 24 moments of the past; those that were right there weigh more.
// Bands come from the errors that the combination made at those moments. Series that never were
// negative get no negative forecast. The same request has the same answer.
//
// Only the last values count: 1,500 or six of the longest season, whichever is more.
// Cost: tens of milliseconds for 1,000 hourly values.
Forecast MakeForecast(const ForecastRequest& request);

// A forecast, and its backtest if there is enough past for one.
struct CheckedForecast {
  Forecast forecast;
  std::optional<Backtest> backtest;
};

// MakeForecast and MakeBacktest in one, for hardly more than the first costs.
CheckedForecast MakeCheckedForecast(const ForecastRequest& request);

// The error and coverage that forecasts with this horizon really had on the past of the series: at
// each moment methods, weights and bands rest only on what was known then. Empty when there is too
// little past to make a forecast and check it.
std::optional<Backtest> MakeBacktest(const ForecastRequest& request);

}  // namespace sightline::analytics
