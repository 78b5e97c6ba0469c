// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <string_view>
#include <vector>

namespace sightline::analytics {

// One way to continue a history of at least one finite value. Empty when the history does not suit
// it (too short, not positive); the caller then takes ForecastNaive.
struct Method {
  std::string_view name;
  std::function<std::vector<double>(std::span<const double> history, std::size_t horizon)> forecast;
};

// The last value, or for period > 1 the last season, repeated. For a history shorter than the
// period: the last value. Precondition: the history is not empty.
std::vector<double> ForecastNaive(std::span<const double> history, std::size_t period,
                                  std::size_t horizon);

// All methods that suit a series with these seasons (ascending, may be empty): the same for every
// series. Which of them are good for a series shows on its own past.
std::vector<Method> MethodsFor(std::span<const std::size_t> periods);

}  // namespace sightline::analytics
