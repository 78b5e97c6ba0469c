// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <vector>

namespace sightline::analytics {

// How unusually large a value is among those that came before it, for values of any distribution.
//
// Keeps the count and the largest values. Below the edge (the 3 % largest begin there) the share of
// values that are as large is counted; beyond it the tail is a generalised Pareto distribution
// whose shape and scale are those of the kept values (probability-weighted moments), so that a
// value far beyond all others is more surprising than one just beyond them.
//
// Forgets: at 16,384 values the count and every second kept value go, so that old values count
// half, then a quarter, ... Memory: at most 1 KiB.
//
// Thread: confined.
class UpperTail {
 public:
  // Digits of surprise: -log10 of the share of values expected to be at least as large as `value`;
  // in [0, 30], 0 before 10 values. Differences up to `resolution` (>= 0) do not count.
  double Surprise(double value, double resolution) const;

  // The value at which the largest 3 % begin; 0 before 10 values.
  double Edge() const;

  // `value` must not be NaN.
  void Add(double value);

 private:
  // How many of the largest values lie beyond the edge.
  std::size_t Exceedances() const;
  double TailShare(double value, std::size_t exceedances) const;
  void ForgetHalf();

  std::vector<double> largest_;  // Ascending.
  double count_ = 0;
};

}  // namespace sightline::analytics
