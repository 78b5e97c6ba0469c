// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>
#include <utility>

// NOLINTNEXTLINE(misc-header-include-cycle): value.h includes it last; it also compiles alone.
#include "otlp/value.h"

namespace sightline::otlp {
namespace internal {

// Takes the next length-delimited field 1 off the front of a message; false at its end.
bool NextFieldOne(std::string_view& message, std::string_view& field);

// Decodes one KeyValue message.
KeyValue DecodeKeyValue(std::string_view message);

}  // namespace internal

template <typename Visitor>
void ForEachElement(const Value& array, Visitor&& visit) {
  std::string_view rest = array.bytes;
  std::string_view field;
  while (internal::NextFieldOne(rest, field)) {
    visit(DecodeValue(field));
  }
}

template <typename Visitor>
void ForEachEntry(const Value& map, Visitor&& visit) {
  std::string_view rest = map.bytes;
  std::string_view field;
  while (internal::NextFieldOne(rest, field)) {
    const KeyValue entry = internal::DecodeKeyValue(field);
    visit(entry.key, entry.value);
  }
}

}  // namespace sightline::otlp
