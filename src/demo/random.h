// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/check.h"

namespace sightline::demo {

// A seeded stream of random choices (xoshiro256**). The distributions are our own, because those of
// the standard library differ between libraries and the simulator promises equal bytes.
//
// Thread: value.
class Random {
 public:
  explicit Random(std::uint64_t seed);

  std::uint64_t Next();

  // In [0, 1).
  double Uniform();

  // Both ends are included. Precondition: low <= high.
  std::int64_t Between(std::int64_t low, std::int64_t high);

  bool Chance(double probability) { return Uniform() < probability; }

  // Mean 0, deviation 1.
  double Normal();

  // Half of the values are below `median`; a `sigma` of 0.5 puts 5 % above 2.3 times the median.
  double LogNormal(double median, double sigma);
  std::chrono::nanoseconds LogNormal(std::chrono::nanoseconds median, double sigma);

  // Time until the next of independent events that come every `mean` on average.
  std::chrono::nanoseconds Exponential(std::chrono::nanoseconds mean);

  // Below `count`. Precondition: count > 0.
  std::size_t Index(std::size_t count);

  // The index of one of the weights, in proportion to them.
  std::size_t Weighted(std::span<const double> weights);

  template <typename T>
  const T& Pick(std::span<const T> items) {
    return items[Index(items.size())];
  }

  template <typename T, std::size_t kCount>
  const T& Pick(const std::array<T, kCount>& items) {
    return items[Index(kCount)];
  }

  template <typename T>
  const T& Pick(const std::vector<T>& items) {
    return items[Index(items.size())];
  }

  // Raw bytes, not all zero.
  std::string Bytes(std::size_t count);

  // Letters and digits, as in "chatcmpl-B7x...".
  std::string Letters(std::size_t count);

  // Lower-case hex digits.
  std::string HexDigits(std::size_t count);

  // "8d3f0c1e-5a7b-4c2d-9e1f-0a1b2c3d4e5f".
  std::string Uuid();

 private:
  std::array<std::uint64_t, 4> state_;
};

// A seed for one part of a simulation that stays the same when other parts change.
std::uint64_t MixSeeds(std::uint64_t seed, std::uint64_t part);

}  // namespace sightline::demo
