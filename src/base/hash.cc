// SPDX-License-Identifier: Apache-2.0
#include "base/hash.h"

#include <cstring>
#include <random>
#include <tuple>

#include <xxhash.h>
#if defined(__x86_64__)
#include <xxh_x86dispatch.h>  // The same functions, with the instructions of the running processor.
#endif

#include "base/check.h"

namespace sightline::base {

Hash128 HashBytes128(std::string_view bytes) {
  const XXH128_hash_t hash = XXH3_128bits(bytes.data(), bytes.size());
  return {.high = hash.high64, .low = hash.low64};
}

HashKey RandomHashKey() {
  std::random_device device;
  HashKey key{};
  for (std::size_t i = 0; i < key.size(); i += sizeof(std::uint32_t)) {
    const std::uint32_t word = device();
    std::memcpy(key.data() + i, &word, sizeof word);
  }
  return key;
}

Hash128 HashBytes128(std::string_view bytes, const HashKey& key) {
  static_assert(std::tuple_size_v<HashKey> >= XXH3_SECRET_SIZE_MIN);
  const XXH128_hash_t hash =
      XXH3_128bits_withSecret(bytes.data(), bytes.size(), key.data(), key.size());
  return {.high = hash.high64, .low = hash.low64};
}

std::uint64_t HashBytes64(std::string_view bytes, std::uint64_t seed) {
  return XXH3_64bits_withSeed(bytes.data(), bytes.size(), seed);
}

void Hash64Stream::Free::operator()(XXH3_state_s* state) const {
  XXH3_freeState(state);
}

Hash64Stream::Hash64Stream() : state_(XXH3_createState()) {
  CHECK(state_ != nullptr);
  XXH3_64bits_reset(state_.get());
}

void Hash64Stream::Add(std::string_view bytes) {
  XXH3_64bits_update(state_.get(), bytes.data(), bytes.size());
}

std::uint64_t Hash64Stream::value() const {
  return XXH3_64bits_digest(state_.get());
}

}  // namespace sightline::base
