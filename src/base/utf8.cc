// SPDX-License-Identifier: Apache-2.0
#include "base/utf8.h"

#include <algorithm>
#include <cstdint>
#include <cstring>

#include <simdjson.h>

namespace sightline::base {
namespace {

struct Step {
  std::size_t length = 1;  // Bytes of the well-formed sequence, or of the maximal ill-formed part.
  bool valid = false;
};

// The sequence at text[at], by table 3-7 of the Unicode standard.
Step StepAt(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
  const std::uint8_t first = byte(at);
  if (first < 0x80) {
    return {.length = 1, .valid = true};
  }
  std::size_t trailing = 0;
  std::uint8_t low = 0x80;
  std::uint8_t high = 0xBF;
  if (first >= 0xC2 && first <= 0xDF) {
    trailing = 1;
  } else if (first >= 0xE0 && first <= 0xEF) {
    trailing = 2;
    low = first == 0xE0 ? 0xA0 : 0x80;
    high = first == 0xED ? 0x9F : 0xBF;
  } else if (first >= 0xF0 && first <= 0xF4) {
    trailing = 3;
    low = first == 0xF0 ? 0x90 : 0x80;
    high = first == 0xF4 ? 0x8F : 0xBF;
  } else {
    return {.length = 1, .valid = false};
  }
  for (std::size_t i = 1; i <= trailing; ++i) {
    if (at + i >= text.size() || byte(at + i) < low || byte(at + i) > high) {
      return {.length = i, .valid = false};
    }
    low = 0x80;
    high = 0xBF;
  }
  return {.length = trailing + 1, .valid = true};
}

}  // namespace

bool IsValidUtf8(std::string_view text) {
  // Most texts are short and ASCII: those are decided here, before the call that picks a kernel.
  constexpr std::size_t kShort = 64;
  const std::size_t scanned = std::min(text.size(), kShort);
  std::size_t at = 0;
  for (; at + 8 <= scanned; at += 8) {
    std::uint64_t word = 0;
    std::memcpy(&word, text.data() + at, 8);
    if ((word & 0x8080808080808080ULL) != 0) {
      return IsValidNonAscii(text.substr(at));
    }
  }
  for (; at < scanned; ++at) {
    if (static_cast<std::uint8_t>(text[at]) >= 0x80) {
      return IsValidNonAscii(text.substr(at));
    }
  }
  return at == text.size() || IsValidNonAscii(text.substr(at));
}

bool IsValidNonAscii(std::string_view text) {
  return simdjson::validate_utf8(text.data(), text.size());
}

std::string RepairUtf8(std::string_view text) {
  std::string repaired;
  repaired.reserve(text.size() + 8);
  std::size_t at = 0;
  while (at < text.size()) {
    const Step step = StepAt(text, at);
    if (step.valid) {
      repaired.append(text.substr(at, step.length));
    } else {
      repaired.append("\xEF\xBF\xBD");
    }
    at += step.length;
  }
  return repaired;
}

std::string_view TruncateUtf8(std::string_view text, std::size_t max_bytes) {
  if (text.size() <= max_bytes) {
    return text;
  }
  std::size_t end = max_bytes;
  while (end > 0 && (static_cast<std::uint8_t>(text[end]) & 0xC0U) == 0x80U) {
    --end;
  }
  return text.substr(0, end);
}

char32_t TakeCodePoint(std::string_view& text) {
  const std::size_t length = StepAt(text, 0).length;
  const auto first = static_cast<std::uint8_t>(text[0]);
  char32_t code_point = length == 1 ? first : first & (0x7FU >> length);
  for (std::size_t i = 1; i < length; ++i) {
    code_point = (code_point << 6U) | (static_cast<std::uint8_t>(text[i]) & 0x3FU);
  }
  text.remove_prefix(length);
  return code_point;
}

}  // namespace sightline::base
