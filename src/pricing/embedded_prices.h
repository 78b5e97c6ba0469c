// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace sightline::pricing {

// The price data built into the binary: for PriceBook::Create. Lives as long as the program.
std::string_view EmbeddedPrices();

// Our own prices beside it: overrides.json.
std::string_view EmbeddedOverrides();

}  // namespace sightline::pricing
