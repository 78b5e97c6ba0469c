// SPDX-License-Identifier: Apache-2.0
#include "pricing/decimal.h"

#include <cstdlib>
#include <optional>
#include <string_view>

#include <fmt/format.h>

#include "base/decimal.h"

namespace sightline::pricing {
namespace {

using base::Code;
using base::Error;
using base::Result;

constexpr int kUnitExponent = 24;  // One dollar is 10^24 units.
constexpr int kMaxDigits = 20;
constexpr int kMaxExponent = 27;  // 1000 dollars: with counts up to 1e10, sums fit an Int128.

struct Amount {
  Int128 digits = 0;  // The value is digits * 10^exponent.
  int exponent = 0;
};

// Nothing for a text that is not a decimal, has no digit on one side of its point, or too many.
std::optional<Amount> ReadAmount(std::string_view text) {
  constexpr int kLargestExponent = 99;
  const std::optional<base::Decimal> decimal = base::SplitDecimal(text);
  if (!decimal || decimal->whole.empty() || (decimal->has_point && decimal->fraction.empty()) ||
      std::abs(decimal->exponent) > kLargestExponent) {
    return std::nullopt;
  }
  Amount amount{.exponent = decimal->exponent - static_cast<int>(decimal->fraction.size())};
  int significant = 0;
  for (const std::string_view digits : {decimal->whole, decimal->fraction}) {
    for (const char digit : digits) {
      significant += (significant > 0 || digit != '0') ? 1 : 0;
      if (significant > kMaxDigits) {
        return std::nullopt;
      }
      amount.digits = amount.digits * 10 + (digit - '0');
    }
  }
  return amount;
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
  const std::optional<Amount> parsed = ReadAmount(dollars);
  if (!parsed) {
    return BadPrice(dollars, "not a non-negative decimal of at most 20 digits");
  }
  Amount amount = *parsed;
  if (amount.digits == 0) {
    return Int128{0};
  }
  amount.exponent += kUnitExponent - per_exponent;
  for (; amount.exponent < 0 && amount.digits % 10 == 0; ++amount.exponent) {
    amount.digits /= 10;
  }
  if (amount.exponent < 0) {
    return BadPrice(dollars, "too many decimals");
  }
  const Int128 limit = PowerOfTen(kMaxExponent);
  if (amount.exponent > kMaxExponent || amount.digits > limit / PowerOfTen(amount.exponent)) {
    return BadPrice(dollars, "over 1000 dollars for one");
  }
  return amount.digits * PowerOfTen(amount.exponent);
}

model::Money RoundToMoney(Int128 units) {
  const Int128 rounded = (units + kUnitsPerPicodollar / 2) / kUnitsPerPicodollar;
  return {.picodollars = static_cast<std::int64_t>(rounded)};
}

}  // namespace sightline::pricing
