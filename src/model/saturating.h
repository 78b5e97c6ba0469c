// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>

namespace sightline::model {

// Arithmetic on what senders say, which may be anything: the nearest number that there is, where
// the exact one does not fit.

inline std::int64_t SaturatingAdd(std::int64_t a, std::int64_t b) {
  std::int64_t sum = 0;
  if (!__builtin_add_overflow(a, b, &sum)) {
    return sum;
  }
  using Limits = std::numeric_limits<std::int64_t>;
  return b < 0 ? Limits::min() : Limits::max();
}

inline std::int64_t SaturatingSubtract(std::int64_t a, std::int64_t b) {
  std::int64_t difference = 0;
  if (!__builtin_sub_overflow(a, b, &difference)) {
    return difference;
  }
  using Limits = std::numeric_limits<std::int64_t>;
  return b > 0 ? Limits::min() : Limits::max();
}

// Nanoseconds from `start_ns` to `end_ns`; 0 when the end comes first, as skewed clocks make it.
inline std::int64_t DurationNs(std::int64_t start_ns, std::int64_t end_ns) {
  return std::max<std::int64_t>(0, SaturatingSubtract(end_ns, start_ns));
}

// Sums and differences that come out right again when what was added is taken away, whatever was in
// between: they wrap instead of overflowing.
inline std::int64_t WrappingAdd(std::int64_t a, std::int64_t b) {
  return static_cast<std::int64_t>(static_cast<std::uint64_t>(a) + static_cast<std::uint64_t>(b));
}

inline std::int64_t WrappingSubtract(std::int64_t a, std::int64_t b) {
  return static_cast<std::int64_t>(static_cast<std::uint64_t>(a) - static_cast<std::uint64_t>(b));
}

}  // namespace sightline::model
