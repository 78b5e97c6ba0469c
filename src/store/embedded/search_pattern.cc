// SPDX-License-Identifier: Apache-2.0
#include "store/embedded/search_pattern.h"

#include <algorithm>
#include <clocale>
#include <cwctype>
#include <iterator>
#include <vector>

#include <fmt/format.h>

#include "base/utf8.h"

namespace sightline::store::embedded {
namespace {

constexpr std::string_view kBackslash = "\\x{5c}";

bool IsAsciiWord(char32_t c) {
  return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

// The character and its other letter cases. What RE2 folds by itself does not help where a
// character is written as an escape.
std::vector<char32_t> CasesOf(char32_t c) {
  static const locale_t kUnicode = ::newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr);
  std::vector<char32_t> cases = {c};
  const auto add = [&](wint_t other) {
    if (std::find(cases.begin(), cases.end(), other) == cases.end()) {
      cases.push_back(other);
    }
  };
  if (kUnicode != nullptr) {
    const wint_t lower = ::towlower_l(static_cast<wint_t>(c), kUnicode);
    const wint_t upper = ::towupper_l(static_cast<wint_t>(c), kUnicode);
    add(lower);
    add(upper);
    add(::towlower_l(upper, kUnicode));  // A final sigma is a sigma.
  }
  return cases;
}

// "\u00e9", or a surrogate pair.
void AppendUnicodeEscape(char32_t c, std::string& pattern) {
  const auto unit = [&](unsigned value) {
    fmt::format_to(std::back_inserter(pattern), "{}+u{:04x}", kBackslash, value);
  };
  if (c < 0x10000) {
    unit(c);
    return;
  }
  const unsigned offset = static_cast<unsigned>(c) - 0x10000U;
  unit(0xD800U + (offset >> 10U));
  unit(0xDC00U + (offset & 0x3FFU));
}

// The letter after the backslash of a short JSON escape; 0 when there is none.
char ShortEscape(char32_t c) {
  switch (c) {
    case '\n':
      return 'n';
    case '\r':
      return 'r';
    case '\t':
      return 't';
    case '\b':
      return 'b';
    case '\f':
      return 'f';
    default:
      return 0;
  }
}

void AppendCharacter(char32_t c, std::string& pattern) {
  const auto out = std::back_inserter(pattern);
  if (c == ' ' || IsAsciiWord(c)) {
    fmt::format_to(out, "\\x{{{:x}}}", static_cast<unsigned>(c));
    return;
  }
  pattern += "(?:";
  if (c == '\\') {
    fmt::format_to(out, "{}+", kBackslash);
  } else if (c == '"' || c == '/') {
    fmt::format_to(out, "{}*\\x{{{:x}}}", kBackslash, static_cast<unsigned>(c));
  } else {
    fmt::format_to(out, "\\x{{{:x}}}", static_cast<unsigned>(c));
  }
  if (const char letter = ShortEscape(c); letter != 0) {
    fmt::format_to(out, "|{}+{}", kBackslash, letter);
  }
  for (const char32_t other : CasesOf(c)) {
    pattern.push_back('|');
    AppendUnicodeEscape(other, pattern);
  }
  pattern.push_back(')');
}

}  // namespace

std::string SearchPattern(std::string_view text) {
  const std::string repaired = base::RepairUtf8(text);
  std::string pattern = "(?i)";
  for (std::string_view rest = repaired; !rest.empty();) {
    AppendCharacter(base::TakeCodePoint(rest), pattern);
  }
  return pattern;
}

}  // namespace sightline::store::embedded
