// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <functional>
#include <string_view>

#include <boost/unordered/unordered_flat_set.hpp>

namespace sightline::otlp {

// The keys of one attribute list, to find those that were sent twice: of attributes with one key
// the first one counts. Up to 96 keys cost a few nanoseconds each and no memory of their own.
//
// Thread: confined. The keys must outlive it.
class SeenKeys {
 public:
  // False if the key was inserted before.
  bool Insert(std::string_view key) {
    if (count_ == kFewKeys) {
      return InsertMany(key);
    }
    std::size_t at = Hash(key) % kSlots;
    while (slots_[at] != 0) {
      if (keys_[slots_[at] - 1] == key) {
        return false;
      }
      at = (at + 1) % kSlots;
    }
    keys_[count_] = key;
    slots_[at] = static_cast<std::uint8_t>(++count_);
    return true;
  }

 private:
  static constexpr std::size_t kFewKeys = 96;
  static constexpr std::size_t kSlots = 256;

  // The length and the last eight bytes: keys mostly differ at their ends.
  static std::size_t Hash(std::string_view key) {
    std::uint64_t word = 0;
    const std::size_t tail = key.size() < sizeof word ? key.size() : sizeof word;
    if (tail != 0) {
      std::memcpy(&word, key.data() + key.size() - tail, tail);
    }
    const std::uint64_t mixed = (word + key.size()) * 0x9E3779B97F4A7C15ULL;
    return static_cast<std::size_t>(mixed >> 48U);
  }

  bool InsertMany(std::string_view key) {
    if (many_.empty()) {
      many_.insert(keys_.begin(), keys_.end());
    }
    return many_.insert(key).second;
  }

  std::size_t count_ = 0;
  std::array<std::uint8_t, kSlots> slots_{};  // 1 + the index in keys_; 0 is free.
  std::array<std::string_view, kFewKeys> keys_;
  boost::unordered_flat_set<std::string_view, std::hash<std::string_view>> many_;
};

}  // namespace sightline::otlp
