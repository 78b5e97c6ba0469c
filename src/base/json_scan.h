// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>
#include <string_view>

namespace sightline::base {

// Walks one level of well-formed JSON text and hands out the raw text of its values, so that
// numbers keep their spelling and nested values need no tree. Anything that is not well-formed ends
// the walk.

// Calls `visit(name, raw value)` for each member of an object text, in order.
void ForEachJsonMember(std::string_view object,
                       const std::function<void(std::string, std::string_view)>& visit);

// Calls `visit(raw value)` for each element of an array text, in order.
void ForEachJsonElement(std::string_view array, const std::function<void(std::string_view)>& visit);

// The text of a raw string value `"..."`; "" for anything else.
std::string UnescapeJsonString(std::string_view raw);

}  // namespace sightline::base
