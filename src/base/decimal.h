// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string_view>

namespace sightline::base {

// A decimal number as its digits, for sums of money that a double would round: the value is
// whole.fraction * 10^exponent.
//
// Thread: value. The digits are views into the text that was split.
struct Decimal {
  std::string_view whole;     // Digits before the point; may be empty if `fraction` is not.
  std::string_view fraction;  // Digits after the point; may be empty.
  bool has_point = false;
  int exponent = 0;  // -400 to 400.
};

// Splits "12", "12.5", "12.", ".5" and these with an exponent ("1e-7", "1.5E+3"). Nothing for any
// other text: signs, white space and units are the caller's business.
std::optional<Decimal> SplitDecimal(std::string_view text);

}  // namespace sightline::base
