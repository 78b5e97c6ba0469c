// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/arena.h"
#include "model/money.h"
#include "otlp/request.h"

namespace sightline::normalize {

// Readers of single attribute values by the rules of docs/conventions.md. All of them
// answer "nothing" for a value that counts as absent or that does not parse.

// True for empty texts and for the texts that emitters write instead of leaving a key out, such as
// "null" and "<REDACTED>".
bool IsAbsentText(std::string_view text);

// True for unset values and absent texts.
bool IsAbsent(const otlp::Value& value);

// An int, a whole double or a decimal text ("12", "12.0", "\"12\""), rounded towards zero. At most
// 1e15 in size, so that sums cannot overflow.
std::optional<std::int64_t> ParseInteger(const otlp::Value& value);
std::optional<std::int64_t> ParseInteger(std::string_view text);

// An int, a finite double or a decimal text.
std::optional<double> ParseNumber(const otlp::Value& value);
std::optional<double> ParseNumber(std::string_view text);

// A bool, "true" or "false" in any letter case, or a number: 0 is false.
std::optional<bool> ParseBool(const otlp::Value& value);

// Dollars, exact: the decimal digits as they are written (for doubles: the shortest ones that name
// the double), rounded half up to 1e-12. Nothing for negative amounts and for 9 million or more.
std::optional<model::Money> ParseDollars(std::string_view text);
std::optional<model::Money> ParseDollars(const otlp::Value& value);

// The text of a scalar: strings as they are, numbers and booleans written out into `arena`.
// "" for absent values, arrays, maps and bytes.
std::string_view ScalarText(const otlp::Value& value, base::Arena& arena);

// A hash of a text as it is and of other values as JSON text; never 0.
std::uint64_t HashOf(const otlp::Value& value);

// Takes one pair of JSON quotes off a text and undoes its escapes; other texts as they are.
std::string Unquote(std::string_view text);

}  // namespace sightline::normalize
