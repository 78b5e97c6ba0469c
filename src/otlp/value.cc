// SPDX-License-Identifier: Apache-2.0
#include "otlp/value.h"

#include <string_view>

#include <protozero/exception.hpp>

#include "otlp/request.h"
#include "otlp/walk.h"

namespace sightline::otlp {

Value DecodeValue(std::string_view any_value) {
  Value value;
  try {
    internal::ReadValue(any_value, value);
  } catch (const protozero::exception&) {
    // Malformed: keep what was read. Decode has refused such a request before it gets here.
    return value;
  }
  return value;
}

namespace internal {

bool NextFieldOne(std::string_view& message, std::string_view& field) {
  try {
    Reader reader = MakeReader(message);
    if (reader.next(1, protozero::pbf_wire_type::length_delimited)) {
      field = ReadView(reader);
      const protozero::data_view rest = reader.data();
      message = {rest.data(), rest.size()};
      return true;
    }
  } catch (const protozero::exception&) {
    return false;
  }
  return false;
}

KeyValue DecodeKeyValue(std::string_view message) {
  KeyValue entry;
  try {
    ReadKeyValue(message, entry);
  } catch (const protozero::exception&) {
    return entry;
  }
  return entry;
}

void CheckContainer(const Value& container, int depth) {
  Reader reader = MakeReader(container.bytes);
  while (reader.next()) {
    if (reader.tag_and_type() != BytesField(1)) {
      reader.skip();
      continue;
    }
    KeyValue entry;
    if (container.kind == ValueKind::kMap) {
      ReadKeyValue(ReadView(reader), entry);
    } else {
      ReadValue(ReadView(reader), entry.value);
    }
    if (depth < kMaxValueDepth && IsContainer(entry.value)) {
      CheckContainer(entry.value, depth + 1);
    }
  }
}

}  // namespace internal
}  // namespace sightline::otlp
