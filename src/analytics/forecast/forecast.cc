// SPDX-License-Identifier: Apache-2.0
#include "analytics/forecast/forecast.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "analytics/forecast/decomposition.h"
#include "analytics/forecast/intervals.h"
#include "analytics/forecast/rolling.h"
#include "analytics/forecast/series.h"

namespace sightline::analytics {
namespace {

constexpr std::size_t kMostValues = 1500;
constexpr std::size_t kMostSeasons = 6;
// With fewer past moments the errors say too little about the bands.
constexpr std::size_t kLeastOrigins = 3;
// A season counts as present from this strength on (see Decomposition).
constexpr double kLeastStrength = 0.2;
constexpr double kDecompositionHalfLife = 6;

// A series made ready, and its forecasts at past moments.
struct Prepared {
  std::vector<std::size_t> periods;
  FilledSeries series;
  bool is_never_negative = false;
};

Prepared Prepare(const ForecastRequest& request) {
  Prepared prepared;
  prepared.periods = SuggestedPeriods(request.step_seconds, request.values.size());
  const std::size_t longest = prepared.periods.empty() ? 0 : prepared.periods.back();
  const std::size_t most = std::max(kMostValues, kMostSeasons * longest);
  const std::span<const double> recent = request.values.last(std::min(request.values.size(), most));
  prepared.series = FillGaps(recent, prepared.periods.empty() ? 0 : prepared.periods.front());
  prepared.periods = SuggestedPeriods(request.step_seconds, prepared.series.values.size());
  prepared.is_never_negative =
      std::all_of(prepared.series.values.begin(), prepared.series.values.end(),
                  [](double value) { return value >= 0; });
  return prepared;
}

// Past origins whose outcome was known at `origin`.
std::vector<std::size_t> OriginsKnownAt(const RollingForecasts& rolling, std::size_t origin) {
  std::vector<std::size_t> known;
  for (std::size_t past = 0; past < origin; ++past) {
    if (rolling.IsOverBefore(past, origin)) {
      known.push_back(past);
    }
  }
  return known;
}

// Errors of the combination at each of `origins`, with weights learnt from the others, so that no
// error is made small by having been learnt from.
std::vector<StepErrors> CombinedErrors(const RollingForecasts& rolling,
                                       std::span<const std::size_t> origins) {
  std::vector<StepErrors> all;
  for (const std::size_t origin : origins) {
    std::vector<std::size_t> others;
    std::copy_if(origins.begin(), origins.end(), std::back_inserter(others),
                 [origin](std::size_t other) { return other != origin; });
    StepErrors errors = Combine(rolling, origin, others);
    for (std::size_t step = 0; step < errors.size(); ++step) {
      errors[step] = rolling.IsKnown(origin, step) ? rolling.Actual(origin)[step] - errors[step]
                                                   : std::numeric_limits<double>::quiet_NaN();
    }
    all.push_back(std::move(errors));
  }
  return all;
}

// Without a past to learn from: the deviation of the steps between values, growing with the root of
// the distance, as for a random walk.
std::vector<double> RandomWalkHalfWidths(const FilledSeries& series, std::size_t horizon,
                                         double level) {
  std::vector<double> steps;
  for (std::size_t t = 1; t < series.values.size(); ++t) {
    steps.push_back(std::abs(series.values[t] - series.values[t - 1]));
  }
  // One value tells nothing about its changes: its size stands in for them.
  const double largest =
      steps.empty() ? std::abs(series.values.back()) : Quantile(std::move(steps), std::sqrt(level));
  std::vector<double> widths(horizon);
  for (std::size_t h = 0; h < horizon; ++h) {
    widths[h] = largest * std::sqrt(static_cast<double>(h + 1));
  }
  return widths;
}

// Turns values, or errors of them, into those of running sums. What is not known adds nothing: a
// gap in the past has no error.
void SumUp(std::vector<double>& values) {
  double sum = 0;
  for (double& value : values) {
    sum += std::isnan(value) ? 0 : value;
    value = sum;
  }
}

// The forecast at one origin from the past origins known there.
Forecast ForecastAt(const Prepared& prepared, const RollingForecasts& rolling, std::size_t origin,
                    const ForecastRequest& request) {
  const std::vector<std::size_t> known = OriginsKnownAt(rolling, origin);
  Forecast forecast;
  forecast.mean = Combine(rolling, origin, known);
  forecast.past_origins = known.size();
  forecast.basis =
      known.size() >= kLeastOrigins ? ForecastBasis::kOwnPast : ForecastBasis::kLittleData;
  std::vector<StepErrors> errors = forecast.basis == ForecastBasis::kOwnPast
                                       ? CombinedErrors(rolling, known)
                                       : std::vector<StepErrors>();
  const double floor = prepared.is_never_negative ? 0 : -std::numeric_limits<double>::infinity();
  for (double& value : forecast.mean) {
    value = std::max(value, floor);
  }
  const bool of_sums = request.of == ForecastOf::kRunningSums;
  if (of_sums) {
    SumUp(forecast.mean);
    std::for_each(errors.begin(), errors.end(), SumUp);
  }
  for (const double level : request.levels) {
    std::vector<double> widths =
        errors.empty() ? RandomWalkHalfWidths(prepared.series, rolling.horizon(), level)
                       : ConformalHalfWidths(errors, level);
    if (of_sums && errors.empty()) {
      SumUp(widths);
    }
    ForecastBand band = {.level = level, .lower = forecast.mean, .upper = forecast.mean};
    for (std::size_t h = 0; h < widths.size(); ++h) {
      band.lower[h] = std::max(band.lower[h] - widths[h], floor);
      band.upper[h] += widths[h];
    }
    forecast.bands.push_back(std::move(band));
  }
  return forecast;
}

// The mean step from season to season before an origin: the unit of MASE.
double SeasonalStep(const FilledSeries& series, std::size_t period, std::size_t end) {
  double sum = 0;
  double count = 0;
  for (std::size_t t = period; t < end; ++t) {
    if (series.is_known[t] && series.is_known[t - period]) {
      sum += std::abs(series.values[t] - series.values[t - period]);
      count += 1;
    }
  }
  return count > 0 ? sum / count : 0;
}

Forecast ForecastFrom(const Prepared& prepared, const RollingForecasts& rolling,
                      const ForecastRequest& request) {
  Forecast forecast = ForecastAt(prepared, rolling, rolling.past_count(), request);
  forecast.used_values = prepared.series.known_count;
  const Decomposition parts =
      Decompose(prepared.series.values, prepared.periods, kDecompositionHalfLife);
  for (std::size_t i = 0; i < parts.periods.size(); ++i) {
    if (parts.strengths[i] >= kLeastStrength) {
      forecast.seasons.push_back(parts.periods[i]);
    }
  }
  return forecast;
}

std::optional<Backtest> BacktestFrom(const Prepared& prepared, const RollingForecasts& rolling,
                                     const ForecastRequest& request) {
  const std::size_t period = prepared.periods.empty() ? 1 : prepared.periods.front();
  Backtest result;
  for (const double level : request.levels) {
    result.coverage.push_back({.level = level, .share = 0});
  }
  double error = 0;
  double naive_error = 0;
  double step_sum = 0;
  for (std::size_t origin = 0; origin < rolling.past_count(); ++origin) {
    const Forecast forecast = ForecastAt(prepared, rolling, origin, request);
    if (forecast.basis != ForecastBasis::kOwnPast) {
      continue;
    }
    ++result.origins;
    const std::size_t end = rolling.OriginAt(origin);
    std::vector<double> naive =
        ForecastNaive(std::span(prepared.series.values).first(end), period, request.horizon);
    std::vector<double> came(rolling.Actual(origin).begin(), rolling.Actual(origin).end());
    if (request.of == ForecastOf::kRunningSums) {
      SumUp(naive);
      SumUp(came);
    }
    const double step = SeasonalStep(prepared.series, period, end);
    for (std::size_t h = 0; h < request.horizon; ++h) {
      if (!rolling.IsKnown(origin, h)) {
        continue;
      }
      const double actual = came[h];
      ++result.compared_values;
      error += std::abs(actual - forecast.mean[h]);
      naive_error += std::abs(actual - naive[h]);
      step_sum += step;
      for (std::size_t i = 0; i < forecast.bands.size(); ++i) {
        const ForecastBand& band = forecast.bands[i];
        result.coverage[i].share += band.lower[h] <= actual && actual <= band.upper[h] ? 1 : 0;
      }
    }
  }
  if (result.compared_values == 0) {
    return std::nullopt;
  }
  const auto count = static_cast<double>(result.compared_values);
  result.mean_absolute_error = error / count;
  result.naive_error = naive_error / count;
  if (step_sum > 0 && request.of == ForecastOf::kValues) {
    result.mase = error / step_sum;
  }
  for (Backtest::Coverage& coverage : result.coverage) {
    coverage.share /= count;
  }
  return result;
}

}  // namespace

Forecast MakeForecast(const ForecastRequest& request) {
  const Prepared prepared = Prepare(request);
  if (prepared.series.known_count == 0) {
    return {};
  }
  const RollingForecasts rolling(prepared.series, prepared.periods, request.horizon);
  return ForecastFrom(prepared, rolling, request);
}

std::optional<Backtest> MakeBacktest(const ForecastRequest& request) {
  return MakeCheckedForecast(request).backtest;
}

CheckedForecast MakeCheckedForecast(const ForecastRequest& request) {
  const Prepared prepared = Prepare(request);
  if (prepared.series.known_count == 0) {
    return {};
  }
  const RollingForecasts rolling(prepared.series, prepared.periods, request.horizon);
  return {.forecast = ForecastFrom(prepared, rolling, request),
          .backtest = BacktestFrom(prepared, rolling, request)};
}

}  // namespace sightline::analytics
