// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include <simdjson.h>

// Internal to otlp/: reads texts and numbers out of simdjson's cursor.
namespace sightline::otlp::internal {

// The text of a JSON string whose content starts at `raw` (just after the quote) in a document that
// simdjson has indexed, so that a closing quote is certain. The result points into the document, or
// into `scratch` if there were escapes. Empty for a wrong escape.
//
// A lone surrogate, which JavaScript writes when it has cut a text in the middle of an emoji,
// becomes the byte 0xFF: never UTF-8, so that it is repaired and counted like other bad text.
std::optional<std::string_view> ReadJsonText(const char* raw, std::string& scratch);

// A JSON number: an integer as long as it fits, else a double.
using JsonNumber = std::variant<std::int64_t, std::uint64_t, double>;

// Reads the number at the cursor. Empty if it is not a well-formed number.
std::optional<JsonNumber> ReadJsonNumber(simdjson::ondemand::value value);

// The same as a double in any case: "-0" keeps its sign.
std::optional<JsonNumber> ReadJsonDouble(simdjson::ondemand::value value);

// Reads a number sent as text: decimal, or one of NaN, Infinity and -Infinity.
std::optional<JsonNumber> ParseNumberText(std::string_view text);

// The number as another type; empty if it does not fit or has a fraction.
std::optional<std::int64_t> ToInt64(const JsonNumber& number);
std::optional<std::uint64_t> ToUint64(const JsonNumber& number);
double ToDouble(const JsonNumber& number);

}  // namespace sightline::otlp::internal
