// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>

namespace sightline::analytics {

// The last 50 values of a stream.
//
// Thread: confined.
class RecentValues {
 public:
  static constexpr std::size_t kKept = 50;

  bool empty() const { return count_ == 0; }

  // The newest; there must be one.
  double Last() const { return values_[(count_ - 1) % kKept]; }

  void Add(double value) {
    values_[count_ % kKept] = value;
    ++count_;
  }

  // Mean and standard deviation of the newest `wanted`, or of all there are; there must be one.
  // Summed each time, so that a huge value leaves no rounding error when it has gone.
  double Mean(std::size_t wanted) const {
    double sum = 0;
    const std::size_t n = Available(wanted);
    for (std::size_t age = 0; age < n; ++age) {
      sum += values_[(count_ - 1 - age) % kKept];
    }
    return sum / static_cast<double>(n);
  }

  double Spread(std::size_t wanted) const {
    const double mean = Mean(wanted);
    double sum = 0;
    const std::size_t n = Available(wanted);
    for (std::size_t age = 0; age < n; ++age) {
      const double distance = values_[(count_ - 1 - age) % kKept] - mean;
      sum += distance * distance;
    }
    return std::sqrt(sum / static_cast<double>(n));
  }

 private:
  std::size_t Available(std::size_t wanted) const { return std::min({wanted, kKept, count_}); }

  std::array<double, kKept> values_{};
  std::size_t count_ = 0;
};

}  // namespace sightline::analytics
