// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace sightline::base {

// Lower-case hex, two digits a byte.
std::string HexEncode(std::span<const std::uint8_t> bytes);

// Fills `out` from exactly 2 * out.size() hex digits of any letter case. False otherwise; `out` is
// then unspecified.
bool HexDecode(std::string_view text, std::span<std::uint8_t> out);

}  // namespace sightline::base
