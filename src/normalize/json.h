// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

#include <boost/json/value.hpp>

#include "otlp/request.h"

namespace sightline::normalize {

// Short forms over Boost.JSON for reading what emitters put into attributes.

namespace json = boost::json;

// Empty for text that is not JSON, has something after it or nests deeper than the decoder allows.
std::optional<json::value> ParseJson(std::string_view text);

// As ParseJson, only if the text looks like an object or an array.
std::optional<json::value> ParseStrictStructure(std::string_view text);

// As ParseStrictStructure, and what lenient encoders write; see lenient_json.h.
std::optional<json::value> ParseStructure(std::string_view text);

// `text` if it is JSON, else what ParseStructure reads in it as JSON text, else `text` again.
std::string StructureText(std::string text);

// The member with the first of `names` that is there and not null; null otherwise.
const json::value* Member(const json::value& object, std::initializer_list<std::string_view> names);

// The member's text, "" if it is absent or not a string.
std::string_view TextMember(const json::value& object,
                            std::initializer_list<std::string_view> names);

// A number, or decimal text, that is not negative.
std::optional<std::int64_t> CountMember(const json::value& object,
                                        std::initializer_list<std::string_view> names);

// JSON text, numbers in their shortest form.
std::string ToJsonText(const json::value& value);

// Strings as they are, everything else as JSON text.
std::string TextOrJson(const json::value& value);

// An attribute value as JSON, as otlp/value_json.h writes it.
json::value ToJson(const otlp::Value& value);

// The same as JSON text, without a detour over json::value. Invalid UTF-8 is repaired.
void AppendJson(const otlp::Value& value, std::string& out);

}  // namespace sightline::normalize
