// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>

#include "base/result.h"
#include "model/money.h"

namespace sightline::pricing {

// A language extension of g++ and clang; 64 bits are too few for a price times a count.
__extension__ typedef __int128 Int128;  // NOLINT(modernize-use-using): `using` cannot be marked.

// Amounts inside this folder are whole numbers of 1e-24 dollars. Prices are stated per million
// tokens and the longest in use has 17 decimals, so every price of one token is exact, and only
// the final sum is rounded.
inline constexpr Int128 kUnitsPerPicodollar = 1'000'000'000'000;

// The price of one counted thing, from the price of 10^per_exponent of them in dollars as decimal
// text ("3", "0.075", "1e-7"). kInvalidArgument when the text is not a non-negative decimal, has
// more decimals than can be kept, or is over 1000 dollars for one.
base::Result<Int128> ParseRate(std::string_view dollars, int per_exponent);

// Nearest picodollar, halves up. Precondition: 0 <= units and the result fits.
model::Money RoundToMoney(Int128 units);

}  // namespace sightline::pricing
