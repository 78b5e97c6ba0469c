// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "otlp/request.h"

namespace sightline::otlp {

// How deep arrays and maps may nest before their inside is cut to null.
inline constexpr int kMaxValueDepth = 32;

// Decodes the raw bytes of one AnyValue message. Malformed bytes give what was read until then; the
// values of a request that Decode accepted are well formed down to kMaxValueDepth. If an AnyValue
// holds several arrays or maps, which no encoder writes, the last one counts.
Value DecodeValue(std::string_view any_value);

// Calls `visit(const Value&)` for each element of an array value, in order.
template <typename Visitor>
void ForEachElement(const Value& array, Visitor&& visit);

// Calls `visit(std::string_view key, const Value&)` for each entry of a map value, in order.
template <typename Visitor>
void ForEachEntry(const Value& map, Visitor&& visit);

}  // namespace sightline::otlp

#include "otlp/value_inl.h"
