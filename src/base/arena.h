// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstring>
#include <memory>
#include <string_view>
#include <vector>

namespace sightline::base {

// Grows, never frees before it dies: the memory that the string_views of one batch point into.
//
// Thread: confined to the thread that builds the batch; immutable afterwards.
class Arena {
 public:
  // Uninitialised memory that lives as long as the arena. Alignment 1.
  char* Allocate(std::size_t size) {
    if (size > left_) {
      Grow(size);
    }
    char* memory = next_;
    next_ += size;
    left_ -= size;
    return memory;
  }

  // A copy of `text` that lives as long as the arena.
  std::string_view Copy(std::string_view text) {
    if (text.empty()) {
      return {};
    }
    char* memory = Allocate(text.size());
    std::memcpy(memory, text.data(), text.size());
    return {memory, text.size()};
  }

  // Bytes taken from the heap.
  std::size_t bytes() const { return bytes_; }

 private:
  void Grow(std::size_t size) {
    constexpr std::size_t kBlock = std::size_t{32} * 1024;
    const std::size_t block = size > kBlock / 4 ? size : kBlock;
    blocks_.push_back(std::make_unique_for_overwrite<char[]>(block));
    bytes_ += block;
    next_ = blocks_.back().get();
    left_ = block;
  }

  std::vector<std::unique_ptr<char[]>> blocks_;
  char* next_ = nullptr;
  std::size_t left_ = 0;
  std::size_t bytes_ = 0;
};

}  // namespace sightline::base
