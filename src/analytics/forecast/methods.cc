// SPDX-License-Identifier: Apache-2.0
#include "analytics/forecast/methods.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "analytics/forecast/autoregression.h"
#include "analytics/forecast/decomposition.h"
#include "analytics/forecast/series.h"
#include "analytics/forecast/smoothing.h"

namespace sightline::analytics {
namespace {

using Values = std::vector<double>;
using View = std::span<const double>;
using Continue = std::function<Values(View, std::size_t)>;
using Periods = std::vector<std::size_t>;

// On the logarithm a step up and the equal step down are a factor and its inverse; the exponential
// of a forecast further than this above the history would be absurd.
constexpr double kLogHeadroom = 1.5;
// Values nearer to 0 than this share of the median would dominate the logarithm: all are shifted.
constexpr double kSmallShare = 0.02;
constexpr double kShiftShare = 0.05;

// On a logarithmic scale, for positive and non-negative series. Empty for others.
Continue OnLogarithm(Continue inner) {
  return [inner = std::move(inner)](View history, std::size_t horizon) -> Values {
    const double least = *std::min_element(history.begin(), history.end());
    const double median = Quantile(Values(history.begin(), history.end()), 0.5);
    if (least < 0 || median <= 0) {
      return {};
    }
    const double shift = least < kSmallShare * median ? kShiftShare * median : 0;
    Values logs;
    logs.reserve(history.size());
    for (const double value : history) {
      logs.push_back(std::log(value + shift));
    }
    const double ceiling = *std::max_element(logs.begin(), logs.end()) + kLogHeadroom;
    Values forecast = inner(logs, horizon);
    for (double& value : forecast) {
      value = std::exp(std::min(value, ceiling)) - shift;
    }
    return forecast;
  };
}

// A method for series without seasons, on what remains without them.
Continue WithoutSeasons(Periods periods, double half_life_seasons,
                        Values (*inner)(View, std::size_t)) {
  return
      [periods = std::move(periods), half_life_seasons, inner](View history, std::size_t horizon) {
        const Decomposition parts = Decompose(history, periods, half_life_seasons);
        Values forecast = inner(parts.rest, horizon);
        for (std::size_t h = 0; h < horizon; ++h) {
          forecast[h] += parts.SeasonAt(history.size() + h);
        }
        return forecast;
      };
}

Continue Autoregression(AutoregressionOptions options) {
  return [options = std::move(options)](View history, std::size_t horizon) {
    return ForecastAutoregression(history, horizon, options);
  };
}

// The mean of the last seasons at the same phase, older ones counting less.
Values ForecastSeasonMean(View history, std::size_t period, std::size_t horizon) {
  constexpr double kDecay = 0.85;
  constexpr double kLeastWeight = 0.02;
  if (history.size() < period) {
    return {};
  }
  Values forecast(horizon);
  for (std::size_t h = 0; h < horizon; ++h) {
    double sum = 0;
    double weights = 0;
    double weight = 1;
    for (std::size_t back = period * (h / period + 1);
         back <= history.size() + h && weight >= kLeastWeight; back += period) {
      sum += weight * history[history.size() + h - back];
      weights += weight;
      weight *= kDecay;
    }
    forecast[h] = sum / weights;
  }
  return forecast;
}

// What followed the stretches of the past that look most like the last `window` values, `stride`
// steps apart. Levels are compared too, but weigh less than shapes.
Values ForecastAnalogs(View history, std::size_t window, std::size_t stride, std::size_t horizon) {
  constexpr std::size_t kNeighbours = 5;
  constexpr double kLevelWeight = 0.25;
  constexpr double kLevelShare = 0.7;  // How much of a difference in level is carried over.
  const std::size_t count = history.size();
  std::vector<std::pair<double, std::size_t>> ends;  // Distance, end of the stretch.
  const double level = Mean(history.subspan(count - std::min(count, window)));
  for (std::size_t end = count; end >= window + stride;) {
    end -= stride;
    if (end + horizon > count) {
      continue;
    }
    const View stretch = history.subspan(end - window, window);
    const double other = Mean(stretch);
    double distance =
        kLevelWeight * static_cast<double>(window) * (level - other) * (level - other);
    for (std::size_t i = 0; i < window; ++i) {
      const double gap = (history[count - window + i] - level) - (stretch[i] - other);
      distance += gap * gap;
    }
    ends.emplace_back(distance, end);
  }
  if (ends.size() < 2) {
    return {};
  }
  std::sort(ends.begin(), ends.end());
  ends.resize(std::min(ends.size(), kNeighbours));
  const double width = ends.back().first / 2;
  Values forecast(horizon, 0.0);
  double weights = 0;
  for (const auto& [distance, end] : ends) {
    const double weight = width > 0 ? std::exp(-distance / width) : 1;
    const double shift = kLevelShare * (level - Mean(history.subspan(end - window, window)));
    weights += weight;
    for (std::size_t h = 0; h < horizon; ++h) {
      forecast[h] += weight * (history[end + h] + shift);
    }
  }
  for (double& value : forecast) {
    value /= weights;
  }
  return forecast;
}

class MethodList {
 public:
  void Add(std::string_view name, Continue forecast) {
    methods_.push_back({name, std::move(forecast)});
  }

  // The method and the same on a logarithmic scale.
  void AddBoth(std::string_view name, const Continue& forecast) {
    Add(name, forecast);
    Add(name, OnLogarithm(forecast));
  }

  std::vector<Method> Take() { return std::move(methods_); }

 private:
  std::vector<Method> methods_;
};

void AddSeasonal(const Periods& periods, MethodList& list) {
  const std::size_t shortest = periods.front();
  const std::size_t longest = periods.back();
  const auto lags = [&periods](LagSet set) { return LagsFor(periods, set); };
  list.AddBoth("autoregression, few lags", Autoregression({.lags = lags(LagSet::kShort)}));
  list.AddBoth("autoregression", Autoregression({.lags = lags(LagSet::kLong)}));
  list.AddBoth("autoregression, recent",
               Autoregression(
                   {.lags = lags(LagSet::kLong),
                    .half_life = 1.5 * static_cast<double>(std::max<std::size_t>(longest, 100))}));
  list.AddBoth("autoregression, two seasons", Autoregression({.lags = lags(LagSet::kLongest)}));
  list.AddBoth("autoregression, many lags", Autoregression({.lags = lags(LagSet::kDense)}));
  list.AddBoth("autoregression of seasonal changes",
               Autoregression({.lags = lags(LagSet::kLong), .difference = shortest}));
  list.AddBoth("autoregression of changes",
               Autoregression({.lags = lags(LagSet::kLong), .difference = 1}));
  if (periods.size() > 1) {
    list.AddBoth("autoregression, shortest season",
                 Autoregression({.lags = lags(LagSet::kSmallest)}));
  }
  list.AddBoth("autoregression of long seasonal changes",
               Autoregression({.lags = lags(LagSet::kSmallest), .difference = longest}));
  list.AddBoth("seasonal smoothing", [periods](View history, std::size_t horizon) {
    return ForecastSeasonalSmoothing(history, periods, horizon);
  });
  list.AddBoth("seasons and level", WithoutSeasons(periods, 6, ForecastLevel));
  list.AddBoth("seasons and damped trend", WithoutSeasons(periods, 2, ForecastDampedTrend));
  list.AddBoth("seasons and Theta", WithoutSeasons({shortest}, 6, ForecastTheta));
  list.Add("last season", [shortest](View history, std::size_t horizon) {
    return ForecastNaive(history, shortest, horizon);
  });
  list.Add("mean of seasons", [longest](View history, std::size_t horizon) {
    return ForecastSeasonMean(history, longest, horizon);
  });
  list.Add("analogs", [shortest, longest](View history, std::size_t horizon) {
    return ForecastAnalogs(history, longest, shortest < longest ? shortest : 1, horizon);
  });
}

}  // namespace

std::vector<double> ForecastNaive(std::span<const double> history, std::size_t period,
                                  std::size_t horizon) {
  const std::size_t used = period == 0 || period > history.size() ? 1 : period;
  Values forecast(horizon);
  for (std::size_t h = 0; h < horizon; ++h) {
    forecast[h] = history[history.size() - used + h % used];
  }
  return forecast;
}

std::vector<Method> MethodsFor(std::span<const std::size_t> periods) {
  MethodList list;
  list.Add("last value",
           [](View history, std::size_t horizon) { return ForecastNaive(history, 1, horizon); });
  const Periods seasons(periods.begin(), periods.end());
  const Periods few = LagsFor({}, LagSet::kLong);
  list.AddBoth("level", ForecastLevel);
  list.AddBoth("damped trend", ForecastDampedTrend);
  list.AddBoth("Theta", ForecastTheta);
  list.AddBoth("autoregression without seasons", Autoregression({.lags = few}));
  list.AddBoth("autoregression of changes without seasons",
               Autoregression({.lags = few, .difference = 1}));
  list.AddBoth("autoregression of recent changes",
               Autoregression({.lags = few, .difference = 1, .ridge = 1e-2, .half_life = 100}));
  if (!seasons.empty()) {
    AddSeasonal(seasons, list);
  }
  return list.Take();
}

}  // namespace sightline::analytics
