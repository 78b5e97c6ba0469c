// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace sightline::analytics {

// Some of the runs of a table, by their numbers.
//
// Thread: value.
class RunSet {
 public:
  // Of `size` runs; none is in it.
  explicit RunSet(std::size_t size) : words_((size + 63) / 64, 0) {}

  void Insert(std::size_t run) { words_[run / 64] |= std::uint64_t{1} << (run % 64); }

  bool Contains(std::size_t run) const { return ((words_[run / 64] >> (run % 64)) & 1U) != 0; }

  std::size_t Count() const {
    std::size_t count = 0;
    for (const std::uint64_t word : words_) {
      count += static_cast<std::size_t>(std::popcount(word));
    }
    return count;
  }

  // Precondition of these: sets of the same table.
  std::size_t CountWith(const RunSet& other) const {
    std::size_t count = 0;
    for (std::size_t i = 0; i < words_.size(); ++i) {
      count += static_cast<std::size_t>(std::popcount(words_[i] & other.words_[i]));
    }
    return count;
  }

  RunSet With(const RunSet& other) const {
    RunSet both = *this;
    for (std::size_t i = 0; i < words_.size(); ++i) {
      both.words_[i] &= other.words_[i];
    }
    return both;
  }

  RunSet Without(const RunSet& other) const {
    RunSet rest = *this;
    for (std::size_t i = 0; i < words_.size(); ++i) {
      rest.words_[i] &= ~other.words_[i];
    }
    return rest;
  }

  friend bool operator==(const RunSet&, const RunSet&) = default;

 private:
  std::vector<std::uint64_t> words_;
};

}  // namespace sightline::analytics
