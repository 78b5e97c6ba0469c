// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string_view>

#include <boost/json/value.hpp>

namespace sightline::normalize {

// A second reader for what strict JSON forbids and encoders write all the same. It is asked only
// after the strict reader has refused a text.
//
// * NaN, Infinity and -Infinity (also nan, inf, -inf) are numbers that JSON cannot hold: they
// become
//   texts, "NaN", "Infinity" and "-Infinity".
// * A surrogate without its partner becomes U+FFFD. Control characters may stand in strings.
// * Python's repr: strings in single quotes, b'..', True, False, None, tuples as arrays, numbers as
//   keys, a comma after the last element. Name(key=value, ..) of a class whose name ends in Message
//   or MessageChunk becomes an object with the name as "type"; any other Name(..) and <..> is kept
//   as a text.
//
// What it cannot read to the end is refused, so that prose that begins with a bracket stays text.

// An object or an array, whole; empty for everything else.
std::optional<boost::json::value> ParseLenientJson(std::string_view text);

// An object or an array whose end is missing, because a length limit cut the text off there (maybe
// with "..." or "[truncated]" in its place). Open strings and structures end where the text ends; a
// member of which only the key is there is left out, and so is half a number or half a type name.
// Empty if the text is whole, has no member or is wrong before its end.
std::optional<boost::json::value> ParseCutJson(std::string_view text);

}  // namespace sightline::normalize
