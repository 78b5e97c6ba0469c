// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "store/embedded/day.h"

namespace sightline::store::embedded {

// How far back to look for the newest rows of a day. DuckDB sorts every row that the conditions of
// a statement leave; it passes over row groups by their least and greatest times. A lower bound of
// the time that leaves a few times as many rows as are wanted spares it most of a long day; when
// that was too few, because rows are not spread evenly or other conditions leave few, the bound is
// moved back.
//
// Thread: value.
class NewestFirst {
 public:
  // Of about `rows` rows with times in `times` those `wanted` are asked for that are in `asked`.
  NewestFirst(std::uint64_t rows, const TimeRange& times, const TimeRange& asked,
              std::size_t wanted)
      : first_ns_(std::max(asked.first_ns, times.first_ns)),
        top_ns_(std::min(asked.last_ns, times.last_ns)) {
    if (rows > kWorthwhileRows && first_ns_ < top_ns_) {
      const double span = static_cast<double>(times.last_ns) - static_cast<double>(times.first_ns);
      width_ns_ =
          std::max(1e9, span * kMore * static_cast<double>(wanted) / static_cast<double>(rows));
    }
  }

  // No row before this time is to be looked at; nothing when all are.
  std::optional<std::int64_t> floor_ns() const {
    const double most = static_cast<double>(top_ns_) - static_cast<double>(first_ns_);
    if (!width_ns_ || *width_ns_ >= most) {
      return std::nullopt;
    }
    return top_ns_ - static_cast<std::int64_t>(*width_ns_);
  }

  // To be called when fewer rows than wanted were found.
  void Widen() {
    if (width_ns_) {
      *width_ns_ *= kWider;
    }
  }

 private:
  static constexpr std::uint64_t kWorthwhileRows = 50'000;
  static constexpr double kMore = 4;
  static constexpr double kWider = 16;

  std::int64_t first_ns_;
  std::int64_t top_ns_;
  std::optional<double> width_ns_;
};

}  // namespace sightline::store::embedded
