// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace sightline::analytics {

// An evenly spaced series without gaps, ready for the methods of this folder.
//
// Thread: value.
struct FilledSeries {
  std::vector<double> values;  // Oldest first; every one is finite.
  std::vector<bool> is_known;  // Parallel to values: false where a gap was filled.
  std::size_t known_count = 0;
};

// Seasons that a step suggests, in steps, ascending: the hour, the day, the week and the year,
// where they are a whole number of steps. Only those of which `count` values hold at least three,
// and at most the three longest. Precondition: step_seconds > 0.
std::vector<std::size_t> SuggestedPeriods(std::int64_t step_seconds, std::size_t count);

// NaN and infinite values are gaps. Gaps at the front are dropped; a gap inside takes the mean of
// the nearest known values before and after it at the same phase of `period` (0: the line between
// its neighbours), a gap at the end the last known value of its phase.
FilledSeries FillGaps(std::span<const double> values, std::size_t period);

double Mean(std::span<const double> values);  // 0 for none.

// The value below which `share` of the values lie, by linear interpolation; 0 for none.
double Quantile(std::vector<double> values, double share);

}  // namespace sightline::analytics
