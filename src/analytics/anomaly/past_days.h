// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

namespace sightline::analytics {

// The values of the last days, to compare a value with those of the same time of day: one, two and
// three days and a week ago.
//
// Keeps 4,096 values: more than two weeks of 5-minute values, 68 hours of minutes. Steps so short
// that a day does not fit have no values to compare with. 64 KiB when full.
//
// Times may be uneven, missing or repeated. After a clock was set back, times near that moment may
// find a neighbour of the right value.
//
// Thread: confined.
class PastDays {
 public:
  // The most alike of the values at the same time of day: of the value nearest in time and two to
  // either side of it, none more than an hour off. Empty when there is none.
  std::optional<double> MostAlike(std::int64_t time_seconds, double value) const;

  void Add(std::int64_t time_seconds, double value);

 private:
  using Row = std::pair<std::int64_t, double>;  // Time and value.

  const Row& At(std::size_t age_order) const;
  std::size_t Nearest(std::int64_t time_seconds) const;

  std::vector<Row> rows_;  // A ring once it is full.
  std::size_t oldest_ = 0;
};

}  // namespace sightline::analytics
