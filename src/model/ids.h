// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <bit>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>

#include "base/hex.h"

namespace sightline::model {

// W3C trace id. All zero means "none".
//
// Thread: value.
struct TraceId {
  std::array<std::uint8_t, 16> bytes{};

  bool is_zero() const { return bytes == decltype(bytes){}; }

  std::string ToHex() const { return base::HexEncode(bytes); }

  // From 32 hex digits; empty for anything else and for all zeros.
  static std::optional<TraceId> FromHex(std::string_view text) {
    TraceId id;
    if (!base::HexDecode(text, id.bytes) || id.is_zero()) {
      return std::nullopt;
    }
    return id;
  }

  // From 16 raw bytes; empty for any other length and for all zeros.
  static std::optional<TraceId> FromBytes(std::string_view raw) {
    TraceId id;
    if (raw.size() != id.bytes.size()) {
      return std::nullopt;
    }
    std::memcpy(id.bytes.data(), raw.data(), raw.size());
    return id.is_zero() ? std::nullopt : std::optional<TraceId>(id);
  }

  std::string_view view() const {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
  }

  // The halves as numbers that order like the bytes.
  std::uint64_t high() const { return Half(0); }

  std::uint64_t low() const { return Half(8); }

  friend bool operator==(const TraceId&, const TraceId&) = default;

  friend std::strong_ordering operator<=>(const TraceId& a, const TraceId& b) {
    const std::strong_ordering order = a.high() <=> b.high();
    return order != std::strong_ordering::equal ? order : a.low() <=> b.low();
  }

 private:
  std::uint64_t Half(std::size_t begin) const {
    std::uint64_t word = 0;
    std::memcpy(&word, bytes.data() + begin, sizeof word);
    return std::endian::native == std::endian::little ? __builtin_bswap64(word) : word;
  }
};

// W3C span id. All zero means "none".
//
// Thread: value.
struct SpanId {
  std::array<std::uint8_t, 8> bytes{};

  bool is_zero() const { return bytes == decltype(bytes){}; }

  std::string ToHex() const { return base::HexEncode(bytes); }

  static std::optional<SpanId> FromHex(std::string_view text) {
    SpanId id;
    if (!base::HexDecode(text, id.bytes) || id.is_zero()) {
      return std::nullopt;
    }
    return id;
  }

  static std::optional<SpanId> FromBytes(std::string_view raw) {
    SpanId id;
    if (raw.size() != id.bytes.size()) {
      return std::nullopt;
    }
    std::memcpy(id.bytes.data(), raw.data(), raw.size());
    return id.is_zero() ? std::nullopt : std::optional<SpanId>(id);
  }

  // As a number that orders like the bytes, and back.
  std::uint64_t number() const {
    return std::endian::native == std::endian::little ? __builtin_bswap64(word()) : word();
  }

  static SpanId FromNumber(std::uint64_t number) {
    const std::uint64_t word =
        std::endian::native == std::endian::little ? __builtin_bswap64(number) : number;
    SpanId id;
    std::memcpy(id.bytes.data(), &word, sizeof word);
    return id;
  }

  // The eight bytes in host order, only for hashing and comparing.
  std::uint64_t word() const {
    std::uint64_t word = 0;
    std::memcpy(&word, bytes.data(), sizeof word);
    return word;
  }

  std::string_view view() const {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
  }

  friend auto operator<=>(const SpanId&, const SpanId&) = default;
};

struct TraceIdHasher {
  std::size_t operator()(const TraceId& id) const {
    std::array<std::uint64_t, 2> words{};
    std::memcpy(words.data(), id.bytes.data(), sizeof words);
    return static_cast<std::size_t>((words[0] ^ words[1]) * 0x9E3779B97F4A7C15ULL);
  }
};

struct SpanIdHasher {
  std::size_t operator()(const SpanId& id) const {
    return static_cast<std::size_t>(id.word() * 0x9E3779B97F4A7C15ULL);
  }
};

}  // namespace sightline::model
