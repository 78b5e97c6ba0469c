// SPDX-License-Identifier: Apache-2.0
#include "analytics/run_diff/comparable_text.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/hash.h"

namespace sightline::analytics {
namespace {

constexpr char kMark = '\x1A';  // Stands in no text that was written to be read.
constexpr std::size_t kLeastHexDigits = 12;
constexpr std::size_t kMostHexDigits = 128;  // SHA-512.
constexpr std::size_t kLeastIdLength = 20;
constexpr std::size_t kMostIdLength = 40;
constexpr std::size_t kLeastOfEach = 3;  // Letters, and digits, of an id.
constexpr std::size_t kShingleWords = 3;

bool IsDigit(char c) {
  return c >= '0' && c <= '9';
}

bool IsLetter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool IsHexDigit(char c) {
  return IsDigit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

bool IsWord(char c) {
  return IsDigit(c) || IsLetter(c);
}

// Length of what `text` begins with when it follows `form`: 9 stands for a digit, f for a
// hexadecimal one, T for a T or a blank, all others for themselves. 0 when it does not.
std::size_t FormLength(std::string_view text, std::string_view form) {
  if (text.size() < form.size()) {
    return 0;
  }
  for (std::size_t i = 0; i < form.size(); ++i) {
    const char c = text[i];
    const bool fits = form[i] == '9'   ? IsDigit(c)
                      : form[i] == 'f' ? IsHexDigit(c)
                      : form[i] == 'T' ? c == 'T' || c == 't' || c == ' '
                                       : c == form[i];
    if (!fits) {
      return 0;
    }
  }
  return form.size();
}

std::size_t TimeLength(std::string_view text) {
  std::size_t length = FormLength(text, "9999-99-99T99:99:99");
  if (length == 0) {
    return 0;
  }
  if (length + 1 < text.size() && text[length] == '.' && IsDigit(text[length + 1])) {
    ++length;
    while (length < text.size() && IsDigit(text[length])) {
      ++length;
    }
  }
  const std::string_view rest = text.substr(length);
  if (!rest.empty() && (rest[0] == 'Z' || rest[0] == 'z')) {
    return length + 1;
  }
  constexpr std::array<std::string_view, 4> kZones = {"+99:99", "-99:99", "+9999", "-9999"};
  for (const std::string_view zone : kZones) {
    if (FormLength(rest, zone) != 0) {
      return length + zone.size();
    }
  }
  return length;
}

// Whether a whole word of letters and digits has other letters in each run.
bool IsChanceWord(std::string_view word) {
  std::size_t digits = 0;
  bool all_hex = true;
  for (const char c : word) {
    digits += IsDigit(c) ? 1 : 0;
    all_hex = all_hex && IsHexDigit(c);
  }
  if (all_hex && word.size() >= kLeastHexDigits && word.size() <= kMostHexDigits) {
    return true;
  }
  return word.size() >= kLeastIdLength && word.size() <= kMostIdLength && digits >= kLeastOfEach &&
         word.size() - digits >= kLeastOfEach;
}

// Precondition: a word begins at the begin of `text`.
std::size_t ChanceLength(std::string_view text, std::size_t word_length) {
  if (IsDigit(text.front())) {
    if (const std::size_t length = TimeLength(text); length != 0) {
      return length;
    }
  }
  constexpr std::string_view kUuid = "ffffffff-ffff-ffff-ffff-ffffffffffff";
  if (FormLength(text, kUuid) != 0 &&
      (text.size() == kUuid.size() || !IsWord(text[kUuid.size()]))) {
    return kUuid.size();
  }
  return IsChanceWord(text.substr(0, word_length)) ? word_length : 0;
}

std::size_t WordLength(std::string_view text) {
  const auto* const end = std::find_if_not(text.begin(), text.end(), IsWord);
  return static_cast<std::size_t>(end - text.begin());
}

bool IsBlank(char c) {
  return c == ' ' || c == '\n' || c == '\t' || c == '\r';
}

}  // namespace

std::string ComparableText(std::string_view text) {
  std::string result;
  result.reserve(text.size());
  while (!text.empty()) {
    std::size_t length = WordLength(text);
    if (length == 0) {
      result.push_back(text.front());
      text.remove_prefix(1);
      continue;
    }
    if (const std::size_t chance = ChanceLength(text, length); chance != 0) {
      result.push_back(kMark);
      length = chance;
    } else {
      result.append(text.substr(0, length));
    }
    text.remove_prefix(length);
  }
  return result;
}

TextSketch SketchText(std::string_view text) {
  text = text.substr(0, TextSketch::kReadBytes);
  std::array<std::uint64_t, kShingleWords> last{};
  std::size_t words = 0;
  std::vector<std::uint64_t> hashes;
  const auto add = [&hashes, &last] {
    hashes.push_back(base::HashBytes64(
        {reinterpret_cast<const char*>(last.data()), last.size() * sizeof(std::uint64_t)}));
  };
  for (std::size_t at = 0; at < text.size();) {
    if (IsBlank(text[at])) {
      ++at;
      continue;
    }
    const auto* const end = std::find_if(text.begin() + at, text.end(), IsBlank);
    const auto length = static_cast<std::size_t>(end - text.begin()) - at;
    std::rotate(last.begin(), last.begin() + 1, last.end());
    last.back() = base::HashBytes64(text.substr(at, length));
    if (++words >= kShingleWords) {
      add();
    }
    at += length;
  }
  if (words > 0 && words < kShingleWords) {
    add();
  }
  return SketchHashes(std::move(hashes));
}

TextSketch SketchHashes(std::vector<std::uint64_t> hashes) {
  std::sort(hashes.begin(), hashes.end());
  hashes.erase(std::unique(hashes.begin(), hashes.end()), hashes.end());
  hashes.resize(std::min(hashes.size(), TextSketch::kSize));
  hashes.shrink_to_fit();
  return {.hashes = std::move(hashes)};
}

double Likeness(const TextSketch& a, const TextSketch& b) {
  std::size_t in_both = 0;
  std::size_t in_any = 0;
  std::size_t i = 0;
  std::size_t j = 0;
  while (in_any < TextSketch::kSize && (i < a.hashes.size() || j < b.hashes.size())) {
    ++in_any;
    if (j == b.hashes.size() || (i < a.hashes.size() && a.hashes[i] < b.hashes[j])) {
      ++i;
    } else if (i == a.hashes.size() || b.hashes[j] < a.hashes[i]) {
      ++j;
    } else {
      ++in_both;
      ++i;
      ++j;
    }
  }
  return in_any == 0 ? 1 : static_cast<double>(in_both) / static_cast<double>(in_any);
}

}  // namespace sightline::analytics
