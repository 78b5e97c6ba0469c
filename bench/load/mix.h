// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace sightline::load {

// A well-mixed number for a pair of numbers (the finaliser of splitmix64): the only source of
// chance here, so that the same options always give the same spans.
constexpr std::uint64_t Mix(std::uint64_t seed, std::uint64_t number) {
  std::uint64_t mixed = seed + (number + 1) * 0x9E3779B97F4A7C15U;
  mixed = (mixed ^ (mixed >> 30U)) * 0xBF58476D1CE4E5B9U;
  mixed = (mixed ^ (mixed >> 27U)) * 0x94D049BB133111EBU;
  return mixed ^ (mixed >> 31U);
}

}  // namespace sightline::load
