// SPDX-License-Identifier: Apache-2.0
#include "base/decimal.h"

#include <charconv>
#include <cstdlib>
#include <system_error>

namespace sightline::base {
namespace {

constexpr int kMaxExponent = 400;  // Past the range of a double, far from overflow of an int.

std::string_view TakeDigits(std::string_view& text) {
  std::size_t end = 0;
  while (end < text.size() && text[end] >= '0' && text[end] <= '9') {
    ++end;
  }
  const std::string_view digits = text.substr(0, end);
  text.remove_prefix(end);
  return digits;
}

std::optional<int> ReadExponent(std::string_view text) {
  if (text.starts_with('+')) {
    text.remove_prefix(1);
    if (text.starts_with('-')) {
      return std::nullopt;
    }
  }
  int exponent = 0;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, exponent);
  if (error != std::errc() || stop != end || std::abs(exponent) > kMaxExponent) {
    return std::nullopt;
  }
  return exponent;
}

}  // namespace

std::optional<Decimal> SplitDecimal(std::string_view text) {
  Decimal decimal;
  decimal.whole = TakeDigits(text);
  decimal.has_point = text.starts_with('.');
  if (decimal.has_point) {
    text.remove_prefix(1);
    decimal.fraction = TakeDigits(text);
  }
  if (decimal.whole.empty() && decimal.fraction.empty()) {
    return std::nullopt;
  }
  if (text.starts_with('e') || text.starts_with('E')) {
    const std::optional<int> exponent = ReadExponent(text.substr(1));
    if (!exponent) {
      return std::nullopt;
    }
    decimal.exponent = *exponent;
    return decimal;
  }
  return text.empty() ? std::optional(decimal) : std::nullopt;
}

}  // namespace sightline::base
