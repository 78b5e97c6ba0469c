// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace sightline::analytics {

// Exponential smoothing. Every function chooses its parameters from a fixed grid by the squared
// one-step errors on the history, which holds at least one value, and answers `horizon` values.

std::vector<double> ForecastLevel(std::span<const double> history, std::size_t horizon);

// A level and a trend that fades.
std::vector<double> ForecastDampedTrend(std::span<const double> history, std::size_t horizon);

// A level and half of the straight line's slope (the Theta method).
std::vector<double> ForecastTheta(std::span<const double> history, std::size_t horizon);

// Holt-Winters with one or two additive seasons and a first-order correction of its errors
// (Taylor's method). Uses the longest and the shortest of `periods`; empty when there is none or
// the history does not hold the longest twice.
std::vector<double> ForecastSeasonalSmoothing(std::span<const double> history,
                                              std::span<const std::size_t> periods,
                                              std::size_t horizon);

}  // namespace sightline::analytics
