// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace sightline::base {

// By the definition of the Unicode standard: no surrogates, nothing overlong, nothing past
// U+10FFFF.
bool IsValidUtf8(std::string_view text);

// The same, faster for a text that is known not to be ASCII and slower for a short one that is.
bool IsValidNonAscii(std::string_view text);

// Every maximal ill-formed part replaced by U+FFFD, as the Unicode standard (3.9) recommends.
std::string RepairUtf8(std::string_view text);

// The longest prefix of at most `max_bytes` bytes that does not cut a code point of valid UTF-8.
std::string_view TruncateUtf8(std::string_view text, std::size_t max_bytes);

// Removes the first code point of valid UTF-8, which must not be empty, and returns it.
char32_t TakeCodePoint(std::string_view& text);

}  // namespace sightline::base
