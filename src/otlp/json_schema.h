// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "otlp/decode.h"

// Internal to otlp/: which JSON key becomes which protobuf field. One table for each message.
namespace sightline::otlp::internal {

enum class FieldKind : std::uint8_t {
  kText,
  kId,      // Hex text to bytes.
  kBase64,  // Base64 text to bytes.
  kBool,
  kInt,  // int64 varint; a number that does not fit is written as `double_value` (field 4).
  kEnum,
  kUint32,
  kUint64,
  kSint32,
  kFixed32,
  kFixed64,
  kSfixed64,
  kDouble,
  kMessage,
};

struct EnumNames {
  std::string_view prefix;                  // May be left out by the sender.
  std::span<const std::string_view> names;  // The index is the value.
};

struct Field;

// Where in a request a message stands.
enum class Level : std::uint8_t {
  kInner,     // Inside an item, or beside the items.
  kItem,      // A span, log record or metric.
  kEnvelope,  // Around items: the request, its resources and their scopes.
};

struct Message {
  std::span<const Field> fields;
  bool is_any_value = false;
  Level level = Level::kInner;
};

struct Field {
  std::string_view key;
  std::uint32_t number = 0;
  FieldKind kind = FieldKind::kText;
  bool is_list = false;
  const Message* message = nullptr;  // kMessage.
  const EnumNames* names = nullptr;  // kEnum.
};

// The Export<Signal>ServiceRequest message.
const Message& RequestSchema(Signal signal);

}  // namespace sightline::otlp::internal
