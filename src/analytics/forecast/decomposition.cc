// SPDX-License-Identifier: Apache-2.0
#include "analytics/forecast/decomposition.h"

#include <algorithm>
#include <cmath>

#include "analytics/forecast/series.h"

namespace sightline::analytics {
namespace {

constexpr int kRounds = 2;  // The second finds each season without the others.

// Centred moving average over one period; its ends are carried on.
std::vector<double> Trend(std::span<const double> values, std::size_t period) {
  const std::size_t count = values.size();
  if (count < period + 1) {
    return std::vector<double>(count, Mean(values));
  }
  const double mean = Mean(values);
  std::vector<double> sums(count + 1, 0.0);  // Of distances from the mean: keeps the digits.
  for (std::size_t t = 0; t < count; ++t) {
    sums[t + 1] = sums[t] + values[t] - mean;
  }
  const std::size_t half = period / 2;
  std::vector<double> trend(count);
  for (std::size_t t = half; t + half < count; ++t) {
    double sum = sums[t + half + 1] - sums[t - half];
    if (period % 2 == 0) {
      sum -= (values[t - half] + values[t + half] - 2 * mean) / 2;
    }
    trend[t] = mean + sum / static_cast<double>(period);
  }
  std::fill_n(trend.begin(), half, trend[half]);
  std::fill(trend.end() - static_cast<std::ptrdiff_t>(half), trend.end(), trend[count - half - 1]);
  return trend;
}

// Phase means of `rest`, newer seasons counting more, shrunk towards 0 by the share of noise in
// them. Answers that share as strength.
double FindPattern(std::span<const double> rest, double half_life, std::vector<double>& pattern) {
  const std::size_t period = pattern.size();
  std::vector<double> sums(period, 0.0);
  std::vector<double> weights(period, 0.0);
  std::vector<double> squares(period, 0.0);
  const double decay = std::exp2(-1 / (half_life * static_cast<double>(period)));
  double weight = 1;
  for (std::size_t t = rest.size(); t-- > 0; weight *= decay) {
    sums[t % period] += weight * rest[t];
    weights[t % period] += weight;
    squares[t % period] += weight * weight;
  }
  for (std::size_t i = 0; i < period; ++i) {
    pattern[i] = sums[i] / weights[i];
  }
  const double centre = Mean(pattern);
  double signal = 0;
  for (double& value : pattern) {
    value -= centre;
    signal += value * value / static_cast<double>(period);
  }
  double noise = 0;
  double total = 0;
  weight = 1;
  for (std::size_t t = rest.size(); t-- > 0; weight *= decay) {
    const double error = rest[t] - pattern[t % period];
    noise += weight * error * error;
    total += weight;
  }
  const double mean_weight = Mean(weights);
  const double seasons = mean_weight * mean_weight / Mean(squares);
  noise *= seasons / std::max(0.5, seasons - 1) / total;
  const double strength = signal > 0 ? std::max(0.0, 1 - noise / seasons / signal) : 0;
  for (double& value : pattern) {
    value *= strength;
  }
  return strength;
}

}  // namespace

double Decomposition::SeasonAt(std::size_t t) const {
  double sum = 0;
  for (const std::vector<double>& pattern : patterns) {
    sum += pattern[t % pattern.size()];
  }
  return sum;
}

Decomposition Decompose(std::span<const double> history, std::span<const std::size_t> periods,
                        double half_life_seasons) {
  Decomposition result;
  for (const std::size_t period : periods) {
    if (2 * period <= history.size()) {
      result.periods.push_back(period);
      result.patterns.emplace_back(period, 0.0);
      result.strengths.push_back(0);
    }
  }
  result.rest.assign(history.begin(), history.end());
  for (int round = 0; round < kRounds && !result.periods.empty(); ++round) {
    // Without the seasons a shorter average suffices, which follows the level more closely.
    const std::size_t width = round == 0 ? result.periods.back() : result.periods.front();
    const std::vector<double> trend = Trend(result.rest, width);
    for (std::size_t i = 0; i < result.periods.size(); ++i) {
      std::vector<double> pattern = std::move(result.patterns[i]);
      result.patterns[i].assign(pattern.size(), 0.0);
      std::vector<double> rest(history.size());
      for (std::size_t t = 0; t < history.size(); ++t) {
        rest[t] = history[t] - trend[t] - result.SeasonAt(t);
      }
      result.strengths[i] = FindPattern(rest, half_life_seasons, pattern);
      result.patterns[i] = std::move(pattern);
    }
    for (std::size_t t = 0; t < history.size(); ++t) {
      result.rest[t] = history[t] - result.SeasonAt(t);
    }
  }
  return result;
}

}  // namespace sightline::analytics
