// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string_view>
#include <utility>

#include "base/check.h"

namespace sightline::model {

// Writes what VarintReader reads (model/varint.h). Unlike the functions there it checks for room
// once for many fields: whoever writes asks for it first. The memory is kept for the next use.
//
// Thread: confined.
class ByteWriter {
 public:
  static constexpr std::size_t kMaxVarintBytes = 10;

  // Makes room for `bytes` more. Precondition of everything below that writes.
  void Reserve(std::size_t bytes) {
    if (static_cast<std::size_t>(end_ - at_) < bytes) [[unlikely]] {
      Grow(bytes);
    }
  }

  void Byte(char byte) { *at_++ = byte; }

  void Varint(std::uint64_t value) {
    while (value >= 0x80) {
      *at_++ = static_cast<char>(static_cast<unsigned char>(value) | 0x80U);
      value >>= 7U;
    }
    *at_++ = static_cast<char>(value);
  }

  void Signed(std::int64_t value) {
    Varint((static_cast<std::uint64_t>(value) << 1U) ^ static_cast<std::uint64_t>(value >> 63U));
  }

  void Raw(std::string_view bytes) {
    if (!bytes.empty()) {
      std::memcpy(at_, bytes.data(), bytes.size());
      at_ += bytes.size();
    }
  }

  // Takes kMaxVarintBytes and the text.
  void Text(std::string_view text) {
    Varint(text.size());
    Raw(text);
  }

  // Little endian.
  void Fixed32(std::uint32_t value) {
    std::memcpy(at_, &value, sizeof value);
    at_ += sizeof value;
  }

  // Overwrites what Fixed32 wrote at `offset`.
  void PutFixed32(std::size_t offset, std::uint32_t value) {
    DCHECK(offset + sizeof value <= size());
    std::memcpy(memory_.get() + offset, &value, sizeof value);
  }

  std::size_t size() const { return static_cast<std::size_t>(at_ - memory_.get()); }

  // What was written; valid until more is.
  std::string_view view() const { return {memory_.get(), size()}; }

  // Forgets what was written, and memory beyond `kept_bytes`.
  void Clear(std::size_t kept_bytes) {
    if (static_cast<std::size_t>(end_ - memory_.get()) > kept_bytes) {
      memory_.reset();
      end_ = nullptr;
    }
    at_ = memory_.get();
  }

 private:
  void Grow(std::size_t bytes) {
    constexpr std::size_t kLeast = std::size_t{16} << 10U;
    const std::size_t used = size();
    const std::size_t capacity = std::max(kLeast, 2 * (used + bytes));
    auto memory = std::make_unique_for_overwrite<char[]>(capacity);
    if (used != 0) {
      std::memcpy(memory.get(), memory_.get(), used);
    }
    memory_ = std::move(memory);
    at_ = memory_.get() + used;
    end_ = memory_.get() + capacity;
  }

  std::unique_ptr<char[]> memory_;
  char* at_ = nullptr;
  char* end_ = nullptr;
};

}  // namespace sightline::model
