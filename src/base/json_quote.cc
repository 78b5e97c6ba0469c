// SPDX-License-Identifier: Apache-2.0
#include "base/json_quote.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "base/utf8.h"

namespace sightline::base {
namespace {

// For each byte: 0 = stands for itself, 'u' = needs \u00XX, else the letter of its short escape.
constexpr std::array<char, 256> MakeEscapes() {
  std::array<char, 256> escapes{};
  for (std::size_t control = 0; control < 0x20; ++control) {
    escapes[control] = 'u';
  }
  escapes['\b'] = 'b';
  escapes['\f'] = 'f';
  escapes['\n'] = 'n';
  escapes['\r'] = 'r';
  escapes['\t'] = 't';
  escapes['"'] = '"';
  escapes['\\'] = '\\';
  return escapes;
}

constexpr std::array<char, 256> kEscapes = MakeEscapes();

constexpr std::uint64_t kOnes = 0x0101010101010101ULL;
constexpr std::uint64_t kHighBits = 0x8080808080808080ULL;

// A high bit for each byte of `word` that equals `byte`; bytes above a match may be false hits.
constexpr std::uint64_t Equals(std::uint64_t word, std::uint64_t byte) {
  const std::uint64_t difference = word ^ (kOnes * byte);
  return (difference - kOnes) & ~difference & kHighBits;
}

// High bits for the bytes of `word` that need an escape; the lowest one is never false.
constexpr std::uint64_t FindEscapes(std::uint64_t word) {
  const std::uint64_t controls = (word - kOnes * 0x20) & ~word & kHighBits;
  return controls | Equals(word, '"') | Equals(word, '\\');
}

// Writes after the end of a string, which is made longer in few large steps and cut at the end.
// The cursor lives in a register; the string's own members would be reloaded after each byte.
class EscapedText {
 public:
  explicit EscapedText(std::string& out)
      : out_(out), cursor_(out.data() + out.size()), limit_(cursor_) {}

  // Makes room for a word and an escape while `left` bytes of text are still to come.
  void MakeRoom(std::size_t left) {
    if (static_cast<std::size_t>(limit_ - cursor_) < left + kStep) [[unlikely]] {
      Grow(left);
    }
  }

  // Copies eight bytes, of which the first `count` are meant.
  void PushWord(std::uint64_t word, std::size_t count) {
    std::memcpy(cursor_, &word, sizeof word);
    cursor_ += count;
  }

  void PushByte(char c) { *cursor_++ = c; }

  void PushEscape(char c) {
    constexpr std::string_view kHex = "0123456789abcdef";
    const auto byte = static_cast<std::uint8_t>(c);
    PushByte('\\');
    PushByte(kEscapes[byte]);
    if (kEscapes[byte] == 'u') {
      PushByte('0');
      PushByte('0');
      PushByte(kHex[byte >> 4U]);
      PushByte(kHex[byte & 0xFU]);
    }
  }

  void Finish() { out_.resize(size()); }

 private:
  static constexpr std::size_t kStep = 16;

  std::size_t size() const { return static_cast<std::size_t>(cursor_ - out_.data()); }

  void Grow(std::size_t left) {
    const std::size_t used = size();
    out_.resize(used + left + left / 4 + 2 * kStep);
    cursor_ = out_.data() + used;
    limit_ = out_.data() + out_.size();
  }

  std::string& out_;
  char* cursor_;
  char* limit_;
};

// The eight bytes at `at`, the first one lowest; zeros for those past the end.
std::uint64_t LoadWord(std::string_view text, std::size_t at) {
  static_assert(std::endian::native == std::endian::little, "the first byte is the lowest");
  const std::size_t left = text.size() - at;
  std::uint64_t word = 0;
  if (left >= 8) {
    std::memcpy(&word, text.data() + at, 8);
  } else if (text.size() >= 8) {
    std::memcpy(&word, text.data() + text.size() - 8, 8);
    word >>= 8 * (8 - left);
  } else {
    for (std::size_t i = 0; i < left; ++i) {
      word |= static_cast<std::uint64_t>(static_cast<std::uint8_t>(text[at + i])) << (8 * i);
    }
  }
  return word;
}

// Appends the escaped text; true if some of it is not ASCII.
bool AppendEscaped(std::string_view text, std::string& out) {
  EscapedText escaped(out);
  std::uint64_t seen = 0;
  std::size_t at = 0;
  while (at < text.size()) {
    const std::size_t left = text.size() - at;
    escaped.MakeRoom(left);
    const std::uint64_t word = LoadWord(text, at);
    seen |= word;
    // Zeros past the end count as hits; without any hit all eight bytes are plain.
    const auto hit = static_cast<std::size_t>(std::countr_zero(FindEscapes(word))) / 8;
    const std::size_t plain = std::min(hit, left);
    escaped.PushWord(word, plain);
    at += plain;
    if (plain < 8 && at < text.size()) {
      escaped.PushEscape(text[at]);
      ++at;
    }
  }
  escaped.Finish();
  return (seen & kHighBits) != 0;
}

// True for ASCII without escapes, which is most short texts.
bool IsPlain(std::string_view text) {
  const auto is_plain = [](std::uint64_t word) {
    return (FindEscapes(word) | (word & kHighBits)) == 0;
  };
  std::size_t at = 0;
  for (; text.size() - at >= 8; at += 8) {
    if (!is_plain(LoadWord(text, at))) {
      return false;
    }
  }
  const std::size_t left = text.size() - at;
  return left == 0 || is_plain(LoadWord(text, at) | (kOnes * ' ') << (8 * left));
}

}  // namespace

bool AppendJsonString(std::string_view text, std::string& out) {
  constexpr std::size_t kShort = 128;  // Looking twice at a longer one costs more than it saves.
  if (text.size() <= kShort && IsPlain(text)) {
    out.push_back('"');
    out.append(text);
    out.push_back('"');
    return false;
  }
  out.push_back('"');
  const std::size_t begin = out.size();
  const bool has_high_bytes = AppendEscaped(text, out);
  const bool needs_repair = has_high_bytes && !IsValidNonAscii(text);
  if (needs_repair) {
    out.resize(begin);
    AppendEscaped(RepairUtf8(text), out);
  }
  out.push_back('"');
  return needs_repair;
}

std::string JsonQuote(std::string_view text) {
  std::string quoted;
  AppendJsonString(text, quoted);
  return quoted;
}

}  // namespace sightline::base
