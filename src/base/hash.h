// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace sightline::base {

// A 128-bit content hash (XXH3). Not cryptographic.
struct Hash128 {
  std::uint64_t high = 0;
  std::uint64_t low = 0;

  friend auto operator<=>(const Hash128&, const Hash128&) = default;
};

Hash128 HashBytes128(std::string_view bytes);

// XXH3, 64 bits.
std::uint64_t HashBytes64(std::string_view bytes, std::uint64_t seed = 0);

// For unordered containers: the value is already uniformly distributed.
struct Hash128Hasher {
  using is_avalanching = void;  // Says the same to Boost's flat containers.

  std::size_t operator()(const Hash128& hash) const { return static_cast<std::size_t>(hash.low); }
};

}  // namespace sightline::base
