// SPDX-License-Identifier: Apache-2.0
#include "analytics/forecast/rolling.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace sightline::analytics {
namespace {

constexpr std::size_t kMostOrigins = 24;
constexpr std::size_t kLeastHistory = 8;  // No method says more from less.
// Weight of a method = (error of the best / its error) ^ this.
constexpr double kSharpness = 6;
// Share of the weight that is cut off at either end before the mean is taken.
constexpr double kCut = 0.25;

// From one origin to the next. Whole seasons keep the phase of the series' end, so that errors at a
// step of the horizon are errors at the hour that this step will fall on.
std::size_t StrideBetweenOrigins(std::span<const std::size_t> periods, std::size_t horizon) {
  if (!periods.empty() && periods.front() <= 2 * horizon) {
    const std::size_t wanted = std::max<std::size_t>(1, horizon / 3);
    return (wanted + periods.front() - 1) / periods.front() * periods.front();
  }
  return std::max<std::size_t>(1, horizon / 3);
}

// Past origins, oldest first, and the end: each leaves at least half of the series before it.
std::vector<std::size_t> ChooseOrigins(std::size_t count, std::size_t horizon, std::size_t stride) {
  const std::size_t least = std::max(kLeastHistory, count / 2);
  std::vector<std::size_t> origins = {count};
  for (std::size_t k = 0; k < kMostOrigins; ++k) {
    const std::size_t back = horizon + k * stride;
    if (back + least > count) {
      break;
    }
    origins.push_back(count - back);
  }
  std::reverse(origins.begin(), origins.end());
  return origins;
}

bool IsFinite(std::span<const double> values) {
  return std::all_of(values.begin(), values.end(),
                     [](double value) { return std::isfinite(value); });
}

// The mean of the middle of a weighted set. Sorts it.
double MiddleMean(std::vector<std::pair<double, double>>& weighted, double total) {
  std::sort(weighted.begin(), weighted.end());
  const double low = kCut * total;
  const double high = (1 - kCut) * total;
  double passed = 0;
  double sum = 0;
  double used = 0;
  for (const auto& [value, weight] : weighted) {
    const double inside = std::min(passed + weight, high) - std::max(passed, low);
    if (inside > 0) {
      sum += inside * value;
      used += inside;
    }
    passed += weight;
  }
  return used > 0 ? sum / used : weighted[weighted.size() / 2].first;
}

}  // namespace

RollingForecasts::RollingForecasts(const FilledSeries& series, std::span<const std::size_t> periods,
                                   std::size_t horizon)
    : series_(&series),
      horizon_(horizon),
      origins_(
          ChooseOrigins(series.values.size(), horizon, StrideBetweenOrigins(periods, horizon))) {
  const std::vector<Method> methods = MethodsFor(periods);
  method_count_ = methods.size();
  forecasts_.resize(method_count_ * origins_.size() * horizon);
  errors_.resize(method_count_ * origins_.size(), 0.0);
  const std::size_t fallback = periods.empty() ? 1 : periods.front();
  for (std::size_t method = 0; method < method_count_; ++method) {
    for (std::size_t origin = 0; origin < origins_.size(); ++origin) {
      const std::span<const double> history = std::span(series.values).first(origins_[origin]);
      std::vector<double> forecast = methods[method].forecast(history, horizon);
      if (forecast.size() != horizon || !IsFinite(forecast)) {
        forecast = ForecastNaive(history, fallback, horizon);
      }
      const std::size_t row = method * origins_.size() + origin;
      std::copy(forecast.begin(), forecast.end(),
                forecasts_.begin() + static_cast<std::ptrdiff_t>(row * horizon));
      if (origin == past_count()) {
        continue;
      }
      double count = 0;
      for (std::size_t step = 0; step < horizon; ++step) {
        if (IsKnown(origin, step)) {
          count += 1;
          errors_[row] += (std::abs(forecast[step] - Actual(origin)[step]) - errors_[row]) / count;
        }
      }
    }
  }
}

std::vector<double> Combine(const RollingForecasts& rolling, std::size_t origin,
                            std::span<const std::size_t> learned) {
  std::vector<double> errors(rolling.method_count(), 0.0);
  for (std::size_t method = 0; method < errors.size(); ++method) {
    for (const std::size_t past : learned) {
      errors[method] += rolling.ErrorOf(method, past);
    }
  }
  const double least = *std::min_element(errors.begin(), errors.end());
  std::vector<double> weights(errors.size(), 1.0);
  double total = 0;
  for (std::size_t method = 0; method < errors.size(); ++method) {
    if (errors[method] > least) {
      weights[method] = std::pow(least / errors[method], kSharpness);
    }
    total += weights[method];
  }
  std::vector<double> forecast(rolling.horizon());
  std::vector<std::pair<double, double>> weighted;
  for (std::size_t step = 0; step < forecast.size(); ++step) {
    weighted.clear();
    for (std::size_t method = 0; method < weights.size(); ++method) {
      weighted.emplace_back(rolling.Forecast(method, origin)[step], weights[method]);
    }
    forecast[step] = MiddleMean(weighted, total);
  }
  return forecast;
}

}  // namespace sightline::analytics
