// SPDX-License-Identifier: Apache-2.0
#include "analytics/forecast/autoregression.h"

#include <algorithm>
#include <cmath>

#include "analytics/forecast/series.h"

namespace sightline::analytics {
namespace {

// More multiples of a season add cost and no accuracy.
constexpr std::size_t kMostMultiples = 6;
constexpr std::size_t kDenseLags = 26;
constexpr std::size_t kDenseAround = 4;

// Solves matrix * x = right for a symmetric positive definite matrix, of which the lower half is
// read, by Cholesky factors; right becomes x. False when it is not positive definite.
bool SolveSymmetric(std::vector<double>& matrix, std::vector<double>& right) {
  const std::size_t size = right.size();
  for (std::size_t i = 0; i < size; ++i) {
    for (std::size_t j = 0; j <= i; ++j) {
      double sum = matrix[i * size + j];
      for (std::size_t k = 0; k < j; ++k) {
        sum -= matrix[i * size + k] * matrix[j * size + k];
      }
      if (i == j && !(sum > 0)) {
        return false;
      }
      matrix[i * size + j] = i == j ? std::sqrt(sum) : sum / matrix[j * size + j];
    }
  }
  for (std::size_t i = 0; i < size; ++i) {
    for (std::size_t k = 0; k < i; ++k) {
      right[i] -= matrix[i * size + k] * right[k];
    }
    right[i] /= matrix[i * size + i];
  }
  for (std::size_t i = size; i-- > 0;) {
    for (std::size_t k = i + 1; k < size; ++k) {
      right[i] -= matrix[k * size + i] * right[k];
    }
    right[i] /= matrix[i * size + i];
  }
  return true;
}

struct Standardized {
  std::vector<double> values;
  double mean = 0;
  double deviation = 0;
};

Standardized Standardize(std::span<const double> history, std::size_t difference) {
  Standardized result;
  result.values.reserve(history.size());
  for (std::size_t t = difference; t < history.size(); ++t) {
    result.values.push_back(difference > 0 ? history[t] - history[t - difference] : history[t]);
  }
  result.mean = Mean(result.values);
  double squares = 0;
  for (const double value : result.values) {
    squares += (value - result.mean) * (value - result.mean);
  }
  result.deviation =
      std::sqrt(squares / static_cast<double>(std::max<std::size_t>(1, result.values.size())));
  if (result.deviation > 0) {
    for (double& value : result.values) {
      value = (value - result.mean) / result.deviation;
    }
  }
  return result;
}

// Intercept first, then one coefficient for each lag; empty when they cannot be told.
std::vector<double> Fit(std::span<const double> values, const AutoregressionOptions& options) {
  const std::size_t size = options.lags.size() + 1;
  const std::size_t start = options.lags.back();
  std::vector<double> matrix(size * size, 0.0);
  std::vector<double> right(size, 0.0);
  std::vector<double> row(size, 1.0);
  const double decay = options.half_life > 0 ? std::exp2(-1 / options.half_life) : 1;
  double weight = 1;
  for (std::size_t t = values.size(); t-- > start;) {
    for (std::size_t j = 1; j < size; ++j) {
      row[j] = values[t - options.lags[j - 1]];
    }
    for (std::size_t i = 0; i < size; ++i) {
      const double weighted = weight * row[i];
      right[i] += weighted * values[t];
      for (std::size_t j = 0; j <= i; ++j) {
        matrix[i * size + j] += weighted * row[j];
      }
    }
    weight *= decay;
  }
  double trace = 0;
  for (std::size_t i = 1; i < size; ++i) {
    trace += matrix[i * size + i];
  }
  const double penalty = options.ridge * trace / static_cast<double>(size - 1) + 1e-12;
  for (std::size_t i = 0; i < size; ++i) {
    matrix[i * size + i] += penalty;
  }
  return SolveSymmetric(matrix, right) ? right : std::vector<double>();
}

}  // namespace

std::vector<double> ForecastAutoregression(std::span<const double> history, std::size_t horizon,
                                           const AutoregressionOptions& options) {
  const std::size_t difference = options.difference;
  const std::size_t wanted = options.lags.back() + 2 * options.lags.size() + 7;
  if (history.size() < difference + wanted) {
    return {};
  }
  Standardized series = Standardize(history, difference);
  std::vector<double> coefficients;
  if (series.deviation > 0) {
    coefficients = Fit(series.values, options);
    if (coefficients.empty()) {
      return {};
    }
  }
  const auto [low, high] = std::minmax_element(series.values.begin(), series.values.end());
  const double range = *high - *low;
  const double floor = *low - range;
  const double ceiling = *high + range;
  std::vector<double> forecast(horizon);
  for (std::size_t h = 0; h < horizon; ++h) {
    double value = series.mean;
    if (series.deviation > 0) {
      double next = coefficients[0];
      for (std::size_t j = 1; j < coefficients.size(); ++j) {
        next += coefficients[j] * series.values[series.values.size() - options.lags[j - 1]];
      }
      series.values.push_back(std::clamp(next, floor, ceiling));
      value += series.values.back() * series.deviation;
    }
    if (difference > 0) {
      value += h < difference ? history[history.size() - difference + h] : forecast[h - difference];
    }
    forecast[h] = value;
  }
  return forecast;
}

std::vector<std::size_t> LagsFor(std::span<const std::size_t> periods, LagSet set) {
  std::vector<std::size_t> lags;
  const auto add_range = [&lags](std::size_t first, std::size_t last) {
    for (std::size_t lag = std::max<std::size_t>(first, 1); lag <= last; ++lag) {
      lags.push_back(lag);
    }
  };
  if (periods.empty()) {
    add_range(1, set == LagSet::kDense ? 8 : 4);
    return lags;
  }
  add_range(1, 3);
  const std::size_t used = set == LagSet::kSmallest ? 1 : periods.size();
  for (std::size_t i = 0; i < used; ++i) {
    const std::size_t period = periods[i];
    add_range(set == LagSet::kShort ? period : period - 1, period + 1);
    const std::size_t next = i + 1 < used ? periods[i + 1] : 3 * period + 1;
    const std::size_t multiples = set == LagSet::kShort ? 2 : kMostMultiples;
    for (std::size_t k = 2; k <= multiples && k * period < next; ++k) {
      if (i + 1 < used || set == LagSet::kSmallest) {
        lags.push_back(k * period);
      }
    }
  }
  const std::size_t longest = periods.back();
  if (set == LagSet::kLongest) {
    add_range(2 * longest - 1, 2 * longest + 1);
  }
  if (set == LagSet::kDense) {
    add_range(4, std::min(kDenseLags, periods.front() + 2));
    add_range(longest - std::min(longest - 1, kDenseAround), longest + kDenseAround);
  }
  std::sort(lags.begin(), lags.end());
  lags.erase(std::unique(lags.begin(), lags.end()), lags.end());
  return lags;
}

}  // namespace sightline::analytics
