// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace sightline::analytics {

// A history split into additive seasons and the rest. How far each season's pattern is believed
// depends on how it stands out of the noise: strength 0 is no season, 1 a pattern without noise.
//
// Thread: value.
struct Decomposition {
  std::vector<std::size_t> periods;
  std::vector<std::vector<double>> patterns;  // For each period one value for each phase.
  std::vector<double> strengths;              // In [0, 1], parallel to periods.
  std::vector<double> rest;                   // The history without its seasons.

  // The sum of the seasons at time t, counted from the first value of the history.
  double SeasonAt(std::size_t t) const;
};

// By phase means around a centred moving average, shrunk by their noise; a past season counts half
// after `half_life_seasons` of its kind. Periods longer than half of the history are left out.
Decomposition Decompose(std::span<const double> history, std::span<const std::size_t> periods,
                        double half_life_seasons);

}  // namespace sightline::analytics
