// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

struct XXH3_state_s;

namespace sightline::base {

// A 128-bit content hash (XXH3). Not cryptographic.
struct Hash128 {
  std::uint64_t high = 0;
  std::uint64_t low = 0;

  friend auto operator<=>(const Hash128&, const Hash128&) = default;
};

Hash128 HashBytes128(std::string_view bytes);

// Random bytes that make hashes unlike those of everybody who does not know them.
using HashKey = std::array<std::uint8_t, 192>;

HashKey RandomHashKey();

Hash128 HashBytes128(std::string_view bytes, const HashKey& key);

// XXH3, 64 bits.
std::uint64_t HashBytes64(std::string_view bytes, std::uint64_t seed = 0);

// HashBytes64 (seed 0) of bytes that come in pieces.
//
// Thread: confined.
class Hash64Stream {
 public:
  Hash64Stream();
  Hash64Stream(const Hash64Stream&) = delete;
  Hash64Stream& operator=(const Hash64Stream&) = delete;

  void Add(std::string_view bytes);

  // Of all bytes so far; more may follow.
  std::uint64_t value() const;

 private:
  struct Free {
    void operator()(XXH3_state_s* state) const;
  };

  const std::unique_ptr<XXH3_state_s, Free> state_;
};

// For unordered containers: the value is already uniformly distributed.
struct Hash128Hasher {
  using is_avalanching = void;  // Says the same to Boost's flat containers.

  std::size_t operator()(const Hash128& hash) const { return static_cast<std::size_t>(hash.low); }
};

}  // namespace sightline::base
