// SPDX-License-Identifier: Apache-2.0
#include "oracle/random_message.h"

#include <bit>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <set>
#include <string>
#include <string_view>

#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>

namespace sightline::oracle {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

constexpr int kMaxDepth = 14;  // Deep enough for three levels of nested values.

constexpr std::uint32_t kVarint = 0;
constexpr std::uint32_t kFixed64 = 1;
constexpr std::uint32_t kLengthDelimited = 2;
constexpr std::uint32_t kFixed32 = 5;

std::uint32_t WireTypeOf(const FieldDescriptor& field) {
  switch (field.type()) {
    case FieldDescriptor::TYPE_FIXED64:
    case FieldDescriptor::TYPE_SFIXED64:
    case FieldDescriptor::TYPE_DOUBLE:
      return kFixed64;
    case FieldDescriptor::TYPE_FIXED32:
      return kFixed32;
    case FieldDescriptor::TYPE_STRING:
    case FieldDescriptor::TYPE_BYTES:
    case FieldDescriptor::TYPE_MESSAGE:
      return kLengthDelimited;
    default:
      return kVarint;
  }
}

bool IsContainer(const FieldDescriptor& field) {
  const Descriptor* type = field.message_type();
  return type != nullptr && (type->name() == "ArrayValue" || type->name() == "KeyValueList" ||
                             type->name() == "AnyValue");
}

void AppendRaw(std::uint64_t value, std::size_t size, std::string& out) {
  for (std::size_t i = 0; i < size; ++i) {
    out.push_back(static_cast<char>(value >> (8 * i) & 0xFFU));
  }
}

}  // namespace

std::uint64_t RandomMessages::Integer() {
  switch (Below(5)) {
    case 0:
      return Below(3);
    case 1:
      return Below(100'000);
    case 2:
      return std::numeric_limits<std::uint64_t>::max() - Below(3);
    case 3:
      return std::uint64_t{1} << Below(64);
    default:
      return random_();
  }
}

double RandomMessages::Double() {
  switch (Below(5)) {
    case 0:
      return 0;
    case 1:
      return -0.0;
    case 2:
      return std::numeric_limits<double>::infinity() * (OneIn(2) ? 1 : -1);
    case 3:
      return static_cast<double>(Below(1000)) / 8;
    default: {
      const auto number = std::bit_cast<double>(random_());
      // One NaN only: text formats know no others.
      return number == number ? number : std::numeric_limits<double>::quiet_NaN();
    }
  }
}

std::string RandomMessages::Text() {
  constexpr std::string_view kPieces[] = {"a",  "gpt-5 ", "\"",           "\\",
                                          "\n", "\x01",   "\xC3\xBC",     "\xF0\x9F\x98\x80",
                                          "{}", "/",      "\xE2\x80\xA8", "0"};
  std::string text;
  const std::uint32_t count = OneIn(20) ? Below(200) : Below(6);
  for (std::uint32_t i = 0; i < count; ++i) {
    text.append(kPieces[Below(std::size(kPieces))]);
  }
  return text;
}

std::string RandomMessages::Bytes(const FieldDescriptor& field) {
  std::size_t size = Below(40);
  if (field.name().ends_with("_id") && !OneIn(4)) {
    size = field.name() == "trace_id" ? 16 : 8;
  }
  std::string bytes;
  while (bytes.size() < size) {
    bytes.push_back(static_cast<char>(random_()));
  }
  return bytes;
}

void RandomMessages::Damage(std::string& bytes) {
  if (!bytes.empty()) {
    bytes[Below(static_cast<std::uint32_t>(bytes.size()))] = static_cast<char>(random_());
  }
}

void RandomMessages::Fill(Message& message, int depth) {
  const Descriptor& type = *message.GetDescriptor();
  for (int i = 0; i < type.field_count(); ++i) {
    const FieldDescriptor& field = *type.field(i);
    // The request, its groups and items are there more often than not.
    if (depth < kMaxDepth && !OneIn(depth < 3 ? 6 : 2)) {
      const std::uint32_t count = field.is_repeated() ? Below(3) + 1 : 1;
      for (std::uint32_t n = 0; n < count; ++n) {
        FillField(message, field, depth);
      }
    }
  }
}

void RandomMessages::FillField(Message& message, const FieldDescriptor& field, int depth) {
  const auto& access = *message.GetReflection();
  const bool is_list = field.is_repeated();
  const auto set = [&](auto setter, auto adder, auto value) {
    is_list ? (access.*adder)(&message, &field, value) : (access.*setter)(&message, &field, value);
  };
  using Reflection = google::protobuf::Reflection;
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_INT32:
      return set(&Reflection::SetInt32, &Reflection::AddInt32,
                 static_cast<std::int32_t>(Integer()));
    case FieldDescriptor::CPPTYPE_INT64:
      return set(&Reflection::SetInt64, &Reflection::AddInt64,
                 static_cast<std::int64_t>(Integer()));
    case FieldDescriptor::CPPTYPE_UINT32:
      return set(&Reflection::SetUInt32, &Reflection::AddUInt32,
                 static_cast<std::uint32_t>(Integer()));
    case FieldDescriptor::CPPTYPE_UINT64:
      return set(&Reflection::SetUInt64, &Reflection::AddUInt64, Integer());
    case FieldDescriptor::CPPTYPE_DOUBLE:
      return set(&Reflection::SetDouble, &Reflection::AddDouble, Double());
    case FieldDescriptor::CPPTYPE_BOOL:
      return set(&Reflection::SetBool, &Reflection::AddBool, OneIn(2));
    case FieldDescriptor::CPPTYPE_ENUM: {
      const auto& values = *field.enum_type();
      const auto index = static_cast<int>(Below(static_cast<std::uint32_t>(values.value_count())));
      const int number = OneIn(10) ? static_cast<int>(Below(50)) : values.value(index)->number();
      return access.SetEnumValue(&message, &field, number);
    }
    case FieldDescriptor::CPPTYPE_STRING:
      return access.SetString(&message, &field,
                              field.type() == FieldDescriptor::TYPE_BYTES ? Bytes(field) : Text());
    case FieldDescriptor::CPPTYPE_MESSAGE:
      return Fill(
          is_list ? *access.AddMessage(&message, &field) : *access.MutableMessage(&message, &field),
          depth + 1);
    case FieldDescriptor::CPPTYPE_FLOAT:
      return;  // OTLP has none.
  }
}

void RandomMessages::AppendVarint(std::uint64_t value, std::string& out) {
  std::size_t written = 1;
  while (value >= 0x80) {
    out.push_back(static_cast<char>(value | 0x80U));
    value >>= 7U;
    ++written;
  }
  if (written < 5 && OneIn(8)) {  // Overlong, and still a legal length of four bytes.
    out.push_back(static_cast<char>(value | 0x80U));
    value = 0;
  }
  out.push_back(static_cast<char>(value));
}

void RandomMessages::AppendTag(std::uint32_t number, std::uint32_t wire_type, std::string& out) {
  AppendVarint(number << 3U | wire_type, out);
}

std::string RandomMessages::Wire(const Descriptor& type, int depth) {
  std::string out;
  std::set<int> once;
  // Sub-messages get rarer with depth, or a request would grow without bound.
  const std::uint32_t count = depth < 3 ? 2 + Below(8) : Below(8);
  for (std::uint32_t i = 0; i < count; ++i) {
    if (OneIn(10)) {
      AppendUnknownField(out);
      continue;
    }
    const FieldDescriptor& field =
        *type.field(static_cast<int>(Below(static_cast<std::uint32_t>(type.field_count()))));
    const bool is_inside_value = type.name() == "AnyValue";
    if (IsContainer(field) && !field.is_repeated() &&
        !once.insert(is_inside_value ? 0 : field.number()).second) {
      continue;
    }
    if (field.message_type() != nullptr && (depth >= kMaxDepth || (depth > 4 && OneIn(2)))) {
      continue;
    }
    AppendField(field, depth, out);
  }
  return out;
}

void RandomMessages::AppendField(const FieldDescriptor& field, int depth, std::string& out) {
  const auto number = static_cast<std::uint32_t>(field.number());
  const std::uint32_t wire_type = WireTypeOf(field);
  if (OneIn(30)) {  // Foreign wire type: to be treated as unknown.
    const std::uint32_t foreign = wire_type == kFixed32 ? kFixed64 : kFixed32;
    AppendTag(number, foreign, out);
    return AppendRaw(random_(), foreign == kFixed64 ? 8 : 4, out);
  }
  if (wire_type == kLengthDelimited || field.is_packable()) {
    const bool is_packed = field.is_packable();
    if (!is_packed || OneIn(2)) {
      std::string content;
      if (field.message_type() != nullptr) {
        content = Wire(*field.message_type(), depth + 1);
      } else if (is_packed) {
        content = Packed(field);
      } else {
        content = field.type() == FieldDescriptor::TYPE_BYTES ? Bytes(field) : Text();
      }
      AppendTag(number, kLengthDelimited, out);
      AppendVarint(content.size(), out);
      out.append(content);
      return;
    }
  }
  AppendTag(number, wire_type, out);
  AppendScalar(field, out);
}

std::string RandomMessages::Packed(const FieldDescriptor& field) {
  std::string content;
  for (std::uint32_t left = Below(5); left > 0; --left) {
    AppendScalar(field, content);
  }
  return content;
}

void RandomMessages::AppendScalar(const FieldDescriptor& field, std::string& out) {
  switch (WireTypeOf(field)) {
    case kFixed64:
      return AppendRaw(field.type() == FieldDescriptor::TYPE_DOUBLE
                           ? std::bit_cast<std::uint64_t>(Double())
                           : Integer(),
                       8, out);
    case kFixed32:
      return AppendRaw(Integer(), 4, out);
    default:
      return AppendVarint(Integer(), out);
  }
}

void RandomMessages::AppendUnknownField(std::string& out) {
  constexpr std::uint32_t kNumbers[] = {90, 1000, 18'999, 20'000, 536'870'911};
  const std::uint32_t number = kNumbers[Below(std::size(kNumbers))];
  switch (Below(4)) {
    case 0:
      AppendTag(number, kVarint, out);
      return AppendVarint(Integer(), out);
    case 1:
      AppendTag(number, kFixed64, out);
      return AppendRaw(random_(), 8, out);
    case 2:
      AppendTag(number, kFixed32, out);
      return AppendRaw(random_(), 4, out);
    default: {
      const std::string content = Text();
      AppendTag(number, kLengthDelimited, out);
      AppendVarint(content.size(), out);
      out.append(content);
      return;
    }
  }
}

}  // namespace sightline::oracle
