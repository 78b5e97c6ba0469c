// SPDX-License-Identifier: Apache-2.0
#include "demo/partial_success.h"

#include <cstdint>
#include <optional>
#include <string>

namespace sightline::demo {
namespace {

// A protobuf message is a row of fields: a varint tag (number << 3 | wire type), then a varint
// (type 0), 8 bytes (1), a length and bytes (2), or 4 bytes (5).
struct Field {
  std::uint64_t number = 0;
  std::uint64_t varint = 0;
  std::string_view bytes;
};

std::optional<std::uint64_t> TakeVarint(std::string_view& rest) {
  std::uint64_t value = 0;
  for (unsigned shift = 0; shift < 64 && !rest.empty(); shift += 7) {
    const auto byte = static_cast<unsigned char>(rest.front());
    rest.remove_prefix(1);
    value |= static_cast<std::uint64_t>(byte & 0x7FU) << shift;
    if ((byte & 0x80U) == 0) {
      return value;
    }
  }
  return std::nullopt;
}

std::optional<Field> TakeField(std::string_view& rest) {
  const std::optional<std::uint64_t> tag = TakeVarint(rest);
  if (!tag.has_value()) {
    return std::nullopt;
  }
  Field field;
  field.number = *tag >> 3U;
  std::uint64_t length = 0;
  switch (*tag & 7U) {
    case 0: {
      const std::optional<std::uint64_t> value = TakeVarint(rest);
      field.varint = value.value_or(0);
      return value.has_value() ? std::optional(field) : std::nullopt;
    }
    case 1:
      length = 8;
      break;
    case 2: {
      const std::optional<std::uint64_t> value = TakeVarint(rest);
      length = value.value_or(UINT64_MAX);
      break;
    }
    case 5:
      length = 4;
      break;
    default:
      return std::nullopt;
  }
  if (length > rest.size()) {
    return std::nullopt;
  }
  field.bytes = rest.substr(0, length);
  rest.remove_prefix(length);
  return field;
}

}  // namespace

base::Result<otlp::PartialSuccess> DecodePartialSuccess(std::string_view body) {
  const base::Error malformed(base::Code::kInvalidArgument,
                              "cannot read the export response: not well-formed protobuf");
  otlp::PartialSuccess partial;
  while (!body.empty()) {
    const std::optional<Field> outer = TakeField(body);
    if (!outer.has_value()) {
      return malformed;
    }
    std::string_view message = outer->number == 1 ? outer->bytes : std::string_view();
    while (!message.empty()) {
      const std::optional<Field> inner = TakeField(message);
      if (!inner.has_value()) {
        return malformed;
      }
      if (inner->number == 1) {
        partial.rejected = static_cast<std::int64_t>(inner->varint);
      } else if (inner->number == 2) {
        partial.error_message = std::string(inner->bytes);
      }
    }
  }
  return partial;
}

}  // namespace sightline::demo
