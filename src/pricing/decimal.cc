// SPDX-License-Identifier: Apache-2.0
#include "pricing/decimal.h"

#include <charconv>
#include <optional>
#include <string_view>
#include <system_error>

#include <fmt/format.h>

namespace sightline::pricing {
namespace {

using base::Code;
using base::Error;
using base::Result;

constexpr int kUnitExponent = 24;  // One dollar is 10^24 units.
constexpr int kMaxDigits = 20;
constexpr int kMaxExponent = 27;  // 1000 dollars: with counts up to 1e10, sums fit an Int128.

struct Decimal {
  Int128 digits = 0;  // The value is digits * 10^exponent.
  int exponent = 0;
};

// Reads `[0-9]+(\.[0-9]+)?` and an optional exponent.
std::optional<Decimal> ReadDecimal(std::string_view text) {
  Decimal decimal;
  const std::size_t mark = text.find_first_of("eE");
  if (mark != std::string_view::npos) {
    std::string_view exponent = text.substr(mark + 1);
    if (exponent.starts_with('+')) {
      exponent.remove_prefix(1);
    }
    const char* end = exponent.data() + exponent.size();
    const auto [stop, error] = std::from_chars(exponent.data(), end, decimal.exponent);
    if (error != std::errc() || stop != end || exponent.empty() || decimal.exponent > 99 ||
        decimal.exponent < -99) {
      return std::nullopt;
    }
    text = text.substr(0, mark);
  }
  const std::size_t point = text.find('.');
  if (text.empty() || point == 0 || point == text.size() - 1) {
    return std::nullopt;
  }
  int significant = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (i == point) {
      continue;
    }
    if (text[i] < '0' || text[i] > '9') {
      return std::nullopt;
    }
    significant += (significant > 0 || text[i] != '0') ? 1 : 0;
    if (significant > kMaxDigits) {
      return std::nullopt;
    }
    decimal.digits = decimal.digits * 10 + (text[i] - '0');
    decimal.exponent -= i > point ? 1 : 0;
  }
  return decimal;
}

Int128 PowerOfTen(int exponent) {
  Int128 power = 1;
  for (int i = 0; i < exponent; ++i) {
    power *= 10;
  }
  return power;
}

Error BadPrice(std::string_view text, std::string_view cause) {
  return {Code::kInvalidArgument, fmt::format("cannot read price '{}': {}", text, cause)};
}

}  // namespace

Result<Int128> ParseRate(std::string_view dollars, int per_exponent) {
  const std::optional<Decimal> parsed = ReadDecimal(dollars);
  if (!parsed) {
    return BadPrice(dollars, "not a non-negative decimal of at most 20 digits");
  }
  Decimal decimal = *parsed;
  if (decimal.digits == 0) {
    return Int128{0};
  }
  decimal.exponent += kUnitExponent - per_exponent;
  for (; decimal.exponent < 0 && decimal.digits % 10 == 0; ++decimal.exponent) {
    decimal.digits /= 10;
  }
  if (decimal.exponent < 0) {
    return BadPrice(dollars, "too many decimals");
  }
  const Int128 limit = PowerOfTen(kMaxExponent);
  if (decimal.exponent > kMaxExponent || decimal.digits > limit / PowerOfTen(decimal.exponent)) {
    return BadPrice(dollars, "over 1000 dollars for one");
  }
  return decimal.digits * PowerOfTen(decimal.exponent);
}

model::Money RoundToMoney(Int128 units) {
  const Int128 rounded = (units + kUnitsPerPicodollar / 2) / kUnitsPerPicodollar;
  return {.picodollars = static_cast<std::int64_t>(rounded)};
}

}  // namespace sightline::pricing
