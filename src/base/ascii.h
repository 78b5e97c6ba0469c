// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <string>
#include <string_view>

namespace sightline::base {

// Letter case and white space of protocol names and settings. Bytes other than ASCII letters stay
// as they are and the locale has no say.

constexpr char ToLower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

constexpr char ToUpper(char c) {
  return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
}

inline std::string ToLower(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) {
    c = ToLower(c);
  }
  return lower;
}

constexpr bool EqualsIgnoringCase(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, [](char x, char y) { return ToLower(x) == ToLower(y); });
}

// White space as JSON has it.
constexpr bool IsSpace(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

// White space inside a header field of HTTP.
constexpr bool IsBlank(char c) {
  return c == ' ' || c == '\t';
}

// `text` without the characters at both ends that `is_removed`.
template <typename IsRemoved>
constexpr std::string_view TrimIf(std::string_view text, IsRemoved is_removed) {
  while (!text.empty() && is_removed(text.front())) {
    text.remove_prefix(1);
  }
  while (!text.empty() && is_removed(text.back())) {
    text.remove_suffix(1);
  }
  return text;
}

constexpr std::string_view Trim(std::string_view text) {
  return TrimIf(text, IsSpace);
}

constexpr std::string_view TrimBlanks(std::string_view text) {
  return TrimIf(text, IsBlank);
}

}  // namespace sightline::base
