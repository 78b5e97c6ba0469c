// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace sightline::analytics {

struct AutoregressionOptions {
  std::vector<std::size_t> lags;  // In steps, >= 1, each once.
  std::size_t difference = 0;     // Model y(t) - y(t - difference) instead of y(t); 0: y itself.
  double ridge = 1e-3;            // Penalty as a share of the mean variance of the lags.
  double half_life = 0;           // Steps after which a past value counts half; 0: all count alike.
};

// Linear regression of each value on the values at its lags, by least squares with a ridge, then
// iterated over the horizon. Forecasts are kept within one range of the history beyond its
// extremes, so that an unstable fit cannot run away. Empty when the history is too short for the
// lags. Cost: O(values * lags^2).
std::vector<double> ForecastAutoregression(std::span<const double> history, std::size_t horizon,
                                           const AutoregressionOptions& options);

// The lags that suit the seasons: how many around each, from a few to many.
enum class LagSet {
  kShort,     // 1 to 3, each season and the step before it.
  kLong,      // 1 to 3, each season and its neighbours, the multiples of a season within the next.
  kLongest,   // kLong and twice the longest season with its neighbours.
  kDense,     // kLong, all lags through the shortest season and more around the longest.
  kSmallest,  // kLong of the shortest season alone.
};

// Ascending. Without seasons: 1 to 4, for kDense 1 to 8.
std::vector<std::size_t> LagsFor(std::span<const std::size_t> periods, LagSet set);

}  // namespace sightline::analytics
