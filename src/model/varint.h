// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace sightline::model {

// LEB128, least significant group first; signed values are zigzag-coded. Used by the journal codec
// and by ropes.

inline void AppendVarint(std::string& out, std::uint64_t value) {
  while (value >= 0x80) {
    out.push_back(static_cast<char>(static_cast<unsigned char>(value) | 0x80U));
    value >>= 7U;
  }
  out.push_back(static_cast<char>(value));
}

inline void AppendSigned(std::string& out, std::int64_t value) {
  AppendVarint(
      out, (static_cast<std::uint64_t>(value) << 1U) ^ static_cast<std::uint64_t>(value >> 63U));
}

inline void AppendText(std::string& out, std::string_view text) {
  AppendVarint(out, text.size());
  out.append(text);
}

// Reads what the functions above wrote. After the first malformed read ok() is false and every
// later read gives zero or "".
//
// Thread: confined.
class VarintReader {
 public:
  explicit VarintReader(std::string_view bytes) : at_(bytes.data()), end_(at_ + bytes.size()) {}

  std::uint64_t Varint() {
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
      if (at_ == end_) {
        break;
      }
      const auto byte = static_cast<unsigned char>(*at_++);
      value |= static_cast<std::uint64_t>(byte & 0x7FU) << shift;
      if (byte < 0x80) {
        return value;
      }
    }
    Fail();
    return 0;
  }

  std::int64_t Signed() {
    const std::uint64_t raw = Varint();
    return static_cast<std::int64_t>(raw >> 1U) ^ -static_cast<std::int64_t>(raw & 1U);
  }

  // Malformed if it is larger.
  std::uint64_t VarintUpTo(std::uint64_t most) {
    const std::uint64_t value = Varint();
    if (value > most) {
      Fail();
      return 0;
    }
    return value;
  }

  // A view into the bytes that are read.
  std::string_view Raw(std::uint64_t size) {
    if (size > static_cast<std::uint64_t>(end_ - at_)) {
      Fail();
      return {};
    }
    const std::string_view view(at_, size);
    at_ += size;
    return view;
  }

  std::string_view Text() { return Raw(Varint()); }

  bool ok() const { return ok_; }

  bool done() const { return at_ == end_; }

  // Bytes that are not read yet.
  std::uint64_t left() const { return static_cast<std::uint64_t>(end_ - at_); }

 private:
  void Fail() {
    ok_ = false;
    at_ = end_;
  }

  const char* at_;
  const char* end_;
  bool ok_ = true;
};

}  // namespace sightline::model
