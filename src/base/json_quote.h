// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace sightline::base {

// Appends `text` as a JSON string: in quotes, with escapes only where JSON asks for them. Bytes
// that are not UTF-8 become U+FFFD; returns true when there were any.
bool AppendJsonString(std::string_view text, std::string& out);

// `text` as a JSON string.
std::string JsonQuote(std::string_view text);

}  // namespace sightline::base
