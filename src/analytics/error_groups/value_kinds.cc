// SPDX-License-Identifier: Apache-2.0
#include "analytics/error_groups/value_kinds.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>
#include <string_view>

#include "base/ascii.h"

namespace sightline::analytics {
namespace {

bool IsDigit(char c) {
  return c >= '0' && c <= '9';
}

bool IsLetter(char c) {
  const char lower = base::ToLower(c);
  return lower >= 'a' && lower <= 'z';
}

bool IsHexDigit(char c) {
  const char lower = base::ToLower(c);
  return IsDigit(c) || (lower >= 'a' && lower <= 'f');
}

template <std::size_t kCount>
bool IsOneOf(std::string_view word, const std::array<std::string_view, kCount>& words) {
  return std::ranges::find(words, word) != words.end();
}

bool IsLiteral(std::string_view word) {
  constexpr std::array<std::string_view, 13> kLiterals = {
      "true",      "false", "null",  "None", "nil",   "NaN", "nan",
      "undefined", "True",  "False", "TRUE", "FALSE", "NULL"};
  return IsOneOf(word, kLiterals);
}

// Of programming languages; those that are common words too ("list", "object") are left out.
bool IsTypeName(std::string_view word) {
  constexpr std::array<std::string_view, 8> kTypes = {"str",  "int",   "float",    "bool",
                                                      "dict", "tuple", "NoneType", "bytes"};
  return IsOneOf(word, kTypes);
}

// An optional sign, digits with points or commas, then at most four letters or '%' as unit.
bool IsNumber(std::string_view word) {
  std::size_t i = word.starts_with('-') || word.starts_with('+') ? 1 : 0;
  if (i == word.size() || !IsDigit(word[i])) {
    return false;
  }
  while (i < word.size() && (IsDigit(word[i]) || word[i] == '.' || word[i] == ',')) {
    ++i;
  }
  const std::string_view unit = word.substr(i);
  return unit.size() <= 4 &&
         std::ranges::all_of(unit, [](char c) { return IsLetter(c) || c == '%'; });
}

bool IsHost(std::string_view word) {
  return std::ranges::count(word, '.') >= 2 && word.front() != '.' && word.back() != '.' &&
         word.find("..") == std::string_view::npos &&
         std::ranges::none_of(word.substr(word.rfind('.')), IsDigit) &&
         std::ranges::all_of(word, [](char c) {
           return (c >= 'a' && c <= 'z') || IsDigit(c) || c == '-' || c == '.';
         });
}

bool IsPath(std::string_view word) {
  const bool has_word_char = std::ranges::any_of(word, IsWordChar);
  if (!has_word_char) {
    return false;
  }
  return word.front() == '/' || word.front() == '~' || word.starts_with("./") ||
         word.starts_with("../") || std::ranges::count(word, '/') >= 2 ||
         word.find('\\') != std::string_view::npos;
}

}  // namespace

bool IsWordChar(char c) {
  return IsLetter(c) || IsDigit(c) || c == '_' || static_cast<unsigned char>(c) >= 0x80;
}

ValueKind KindOfValue(std::string_view word) {
  if (word.empty()) {
    return ValueKind::kNone;
  }
  if (IsNumber(word)) {
    return ValueKind::kNumber;
  }
  if (IsLiteral(word)) {
    return ValueKind::kLiteral;
  }
  if (IsTypeName(word)) {
    return ValueKind::kTypeName;
  }
  if (word.front() != '@' && word.find('@') != std::string_view::npos) {
    return ValueKind::kEmail;
  }
  if (IsHost(word)) {
    return ValueKind::kHost;
  }
  if (IsPath(word)) {
    return ValueKind::kPath;
  }
  if (std::ranges::any_of(word, IsDigit)) {
    return ValueKind::kId;
  }
  return word.size() >= 8 && std::ranges::all_of(word, IsHexDigit) ? ValueKind::kHex
                                                                   : ValueKind::kNone;
}

std::size_t UrlLength(std::string_view text) {
  std::size_t i = 0;
  if (text.empty() || !IsLetter(text.front())) {
    return 0;
  }
  while (i < text.size() && (IsLetter(text[i]) || IsDigit(text[i]) || text[i] == '+' ||
                             text[i] == '.' || text[i] == '-')) {
    ++i;
  }
  if (!text.substr(i).starts_with("://")) {
    return 0;
  }
  i += 3;
  constexpr std::string_view kEnd = "\"'`<>)]},";
  while (i < text.size() && !base::IsSpace(text[i]) && kEnd.find(text[i]) == kEnd.npos) {
    ++i;
  }
  constexpr std::string_view kSentenceMarks = ".:;!?";
  while (kSentenceMarks.find(text[i - 1]) != kSentenceMarks.npos) {
    --i;
  }
  return i;
}

std::size_t ColonAddressLength(std::string_view text) {
  std::size_t length = 0;
  std::size_t colons = 0;
  std::size_t group = 0;
  bool has_digit = false;
  bool has_gap = false;
  while (length < text.size() && (IsHexDigit(text[length]) || text[length] == ':')) {
    if (text[length] == ':') {
      ++colons;
      has_gap = has_gap || (length > 0 && text[length - 1] == ':');
      group = 0;
    } else if (++group > 4) {
      return 0;
    }
    has_digit = has_digit || IsDigit(text[length]);
    ++length;
  }
  if (length < text.size() && IsWordChar(text[length])) {
    return 0;
  }
  if (length > 1 && text[length - 1] == ':' && text[length - 2] != ':') {
    --length;  // "… of fe80::1: unreachable".
    --colons;
  }
  return has_digit && (colons >= 3 || has_gap) ? length : 0;
}

bool IsDayName(std::string_view word) {
  constexpr std::array<std::string_view, 14> kDays = {
      "mon",    "tue",     "wed",       "thu",      "fri",    "sat",      "sun",
      "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"};
  return IsOneOf(base::ToLower(word), kDays);
}

bool IsMonthName(std::string_view word) {
  constexpr std::array<std::string_view, 24> kMonths = {
      "jan",   "feb",  "mar",  "apr",    "may",       "jun",     "jul",      "aug",
      "sep",   "sept", "oct",  "nov",    "dec",       "january", "february", "march",
      "april", "june", "july", "august", "september", "october", "november", "december"};
  return IsOneOf(base::ToLower(word), kMonths);
}

bool IsTimeZone(std::string_view word) {
  constexpr std::array<std::string_view, 15> kZones = {"UTC", "GMT",  "EST", "EDT", "CST",
                                                       "CDT", "MST",  "MDT", "PST", "PDT",
                                                       "CET", "CEST", "BST", "IST", "JST"};
  return IsOneOf(word, kZones);
}

}  // namespace sightline::analytics
