// SPDX-License-Identifier: Apache-2.0
#include "normalize/quoted_text.h"

#include <array>
#include <charconv>
#include <cstdint>
#include <optional>
#include <system_error>
#include <utility>

namespace sightline::normalize {
namespace {

constexpr std::uint32_t kReplacement = 0xFFFD;

void AppendUtf8(std::uint32_t code, std::string& out) {
  const auto byte = [&](std::uint32_t value) { out.push_back(static_cast<char>(value)); };
  if (code > 0x10FFFF || (code >= 0xD800 && code <= 0xDFFF)) {
    code = kReplacement;
  }
  if (code < 0x80) {
    byte(code);
  } else if (code < 0x800) {
    byte(0xC0U | code >> 6U);
    byte(0x80U | (code & 0x3FU));
  } else if (code < 0x10000) {
    byte(0xE0U | code >> 12U);
    byte(0x80U | (code >> 6U & 0x3FU));
    byte(0x80U | (code & 0x3FU));
  } else {
    byte(0xF0U | code >> 18U);
    byte(0x80U | (code >> 12U & 0x3FU));
    byte(0x80U | (code >> 6U & 0x3FU));
    byte(0x80U | (code & 0x3FU));
  }
}

std::optional<std::uint32_t> ReadHex(std::string_view text, std::size_t& at, std::size_t digits) {
  std::uint32_t code = 0;
  if (text.size() - at < digits) {
    return std::nullopt;
  }
  const char* begin = text.data() + at;
  const auto [end, error] = std::from_chars(begin, begin + digits, code, 16);
  if (error != std::errc() || end != begin + digits) {
    return std::nullopt;
  }
  at += digits;
  return code;
}

// After "\u": with its partner, if it is the first half of a pair.
void ReadUnicode(std::string_view text, std::size_t& at, std::string& out) {
  const auto first = ReadHex(text, at, 4);
  if (!first) {
    out.append("\\u");
    return;
  }
  if (*first >= 0xD800 && *first < 0xDC00 && text.substr(at).starts_with("\\u")) {
    const std::size_t before = at;
    at += 2;
    const auto second = ReadHex(text, at, 4);
    if (second && *second >= 0xDC00 && *second < 0xE000) {
      AppendUtf8(0x10000U + ((*first - 0xD800U) << 10U) + (*second - 0xDC00U), out);
      return;
    }
    at = before;
  }
  AppendUtf8(*first, out);
}

// After the backslash, which is not the last character.
void ReadEscape(std::string_view text, std::size_t& at, std::string& out) {
  const char c = text[at++];
  constexpr auto kPlain = std::to_array<std::pair<char, char>>({{'n', '\n'},
                                                                {'t', '\t'},
                                                                {'r', '\r'},
                                                                {'b', '\b'},
                                                                {'f', '\f'},
                                                                {'"', '"'},
                                                                {'\'', '\''},
                                                                {'\\', '\\'},
                                                                {'/', '/'}});
  for (const auto& [escape, meaning] : kPlain) {
    if (escape == c) {
      out.push_back(meaning);
      return;
    }
  }
  if (c == 'u') {
    ReadUnicode(text, at, out);
    return;
  }
  if (c == 'x' || c == 'U') {
    if (const auto code = ReadHex(text, at, c == 'x' ? 2 : 8)) {
      AppendUtf8(*code, out);
      return;
    }
  }
  out.push_back('\\');
  out.push_back(c);
}

}  // namespace

QuotedText ReadQuotedText(std::string_view text, std::size_t& at) {
  const char quote = text[at++];
  QuotedText quoted;
  while (at < text.size()) {
    const char c = text[at++];
    if (c == quote) {
      quoted.is_closed = true;
      return quoted;
    }
    if (c != '\\') {
      quoted.text.push_back(c);
    } else if (at < text.size()) {
      ReadEscape(text, at, quoted.text);
    }
  }
  return quoted;
}

}  // namespace sightline::normalize
