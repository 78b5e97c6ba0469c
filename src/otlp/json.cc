// SPDX-License-Identifier: Apache-2.0
#include "otlp/json.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <simdjson.h>

#include "base/ascii.h"
#include "base/hex.h"
#include "base/result.h"
#include "base/utf8.h"
#include "otlp/base64.h"
#include "otlp/decode.h"
#include "otlp/json_document.h"
#include "otlp/json_scalar.h"
#include "otlp/json_schema.h"
#include "otlp/message_writer.h"
#include "otlp/value.h"

namespace sightline::otlp {
namespace {

using internal::EnumNames;
using internal::Field;
using internal::FieldKind;
using internal::JsonDocument;
using internal::JsonNumber;
using internal::Level;
using internal::Message;
using internal::MessageWriter;
using simdjson::ondemand::json_type;

constexpr std::size_t kTraceIdBytes = 16;
constexpr std::size_t kSpanIdBytes = 8;

// Whether `key` is `name`, which is in lowerCamelCase, but for its letter case, underscores and
// hyphens.
bool IsSpelling(std::string_view key, std::string_view name) {
  std::size_t at = 0;
  for (const char c : key) {
    if (c == '_' || c == '-') {
      continue;
    }
    if (at == name.size() || !base::EqualsIgnoringCase({&c, 1}, name.substr(at, 1))) {
      return false;
    }
    ++at;
  }
  return at == name.size();
}

const Field* FindField(const Message& schema, std::string_view key) {
  auto field = std::ranges::find(schema.fields, key, &Field::key);
  if (field == schema.fields.end()) {
    field = std::ranges::find_if(schema.fields,
                                 [&](const Field& known) { return IsSpelling(key, known.key); });
  }
  return field == schema.fields.end() ? nullptr : &*field;
}

// The number of an enum name; 0, which every OTLP enum has as its unset value, if it is unknown.
std::int32_t EnumNumber(const EnumNames& names, std::string_view name) {
  if (base::EqualsIgnoringCase(name.substr(0, names.prefix.size()), names.prefix)) {
    name.remove_prefix(names.prefix.size());
  }
  for (std::size_t i = 0; i < names.names.size(); ++i) {
    if (base::EqualsIgnoringCase(name, names.names[i])) {
      return static_cast<std::int32_t>(i);
    }
  }
  return 0;
}

// Writes one request by its schema. Members hold the state of one walk.
class Transcoder {
 public:
  explicit Transcoder(JsonDocument& document) : document_(document) {}

  std::uint64_t unknown_keys() const { return unknown_keys_; }

  // The key that makes the body one that must not be acknowledged: no item was found, and something
  // unknown stands where items should be. "" if there is none.
  std::string_view misplaced_key() const {
    return item_count_ == 0 ? std::string_view(misplaced_key_) : std::string_view();
  }

  void WriteMessage(const Message& schema, simdjson::ondemand::value value, MessageWriter& out) {
    item_count_ += schema.level == Level::kItem ? 1 : 0;
    int known_keys = 0;
    std::string first_unknown;
    document_.ForEachEntry(value, [&](std::string_view key, simdjson::ondemand::value member) {
      const Field* field = FindField(schema, key);
      if (field == nullptr) {
        if (schema.level == Level::kEnvelope) {
          NoteUnknown(key, member, first_unknown);
        }
        return;
      }
      ++known_keys;
      const std::optional<json_type> type = document_.TypeOf(member);
      if (!type.has_value()) {
        return;
      }
      if (*type == json_type::null) {
        CheckNull(member);
      } else if (field->is_list) {
        WriteList(*field, member, out);
      } else {
        WriteField(*field, *type, member, out);
      }
    });
    if (known_keys == 0 && misplaced_key_.empty()) {
      misplaced_key_ = first_unknown;
    }
  }

 private:
  void NoteUnknown(std::string_view key, simdjson::ondemand::value member, std::string& first) {
    ++unknown_keys_;
    if (first.empty()) {
      first = key;
    }
    const std::optional<json_type> type = document_.TypeOf(member);
    const bool may_hold_items =
        type.has_value() && (*type == json_type::array || *type == json_type::object);
    if (may_hold_items && misplaced_key_.empty()) {
      misplaced_key_ = key;
    }
  }

  void CheckNull(simdjson::ondemand::value value) {
    bool is_null = false;
    if (document_.Check(value.is_null().get(is_null)) && !is_null) {
      document_.Fail("a value is neither null nor anything else");
    }
  }

  void WriteList(const Field& field, simdjson::ondemand::value list, MessageWriter& out) {
    document_.ForEachElement(list, [&](simdjson::ondemand::value element) {
      const std::optional<json_type> type = document_.TypeOf(element);
      if (!type.has_value()) {
        return;
      }
      if (*type == json_type::null && field.kind == FieldKind::kMessage) {
        CheckNull(element);
        out.AddBytes(field.number, "");
        return;
      }
      WriteField(field, *type, element, out);
    });
  }

  void WriteField(const Field& field, json_type type, simdjson::ondemand::value value,
                  MessageWriter& out) {
    switch (field.kind) {
      case FieldKind::kMessage:
        WriteSubMessage(field, value, out);
        return;
      case FieldKind::kText:
      case FieldKind::kId:
      case FieldKind::kBase64:
        WriteBytes(field, value, out);
        return;
      case FieldKind::kBool:
        WriteBool(field, value, out);
        return;
      case FieldKind::kEnum:
      case FieldKind::kInt:
      case FieldKind::kUint32:
      case FieldKind::kUint64:
      case FieldKind::kSint32:
      case FieldKind::kFixed32:
      case FieldKind::kFixed64:
      case FieldKind::kSfixed64:
      case FieldKind::kDouble:
        WriteNumber(field, type, value, out);
        return;
    }
  }

  void WriteSubMessage(const Field& field, simdjson::ondemand::value value, MessageWriter& out) {
    const int step = field.message->is_any_value ? 1 : 0;
    // One level more than is walked later, so that the walk sees that something was cut. Each level
    // costs a move of what is inside it: hence cut here and not only later.
    if (value_depth_ + step > kMaxValueDepth + 2) {
      out.AddBytes(field.number, "");
      return;
    }
    value_depth_ += step;
    out.AddMessage(field.number, [&](MessageWriter& sub_message) {
      WriteMessage(*field.message, value, sub_message);
    });
    value_depth_ -= step;
  }

  void WriteBytes(const Field& field, simdjson::ondemand::value value, MessageWriter& out) {
    const std::optional<std::string_view> text = document_.ReadText(value);
    if (!text.has_value()) {
      return;
    }
    if (field.kind == FieldKind::kText) {
      out.AddBytes(field.number, *text);
    } else if (field.kind == FieldKind::kId) {
      WriteId(field, *text, out);
    } else if (const auto bytes = DecodeBase64(*text)) {
      out.AddBytes(field.number, *bytes);
    } else {
      FailField(field, "is not base64");
    }
  }

  static void WriteId(const Field& field, std::string_view text, MessageWriter& out) {
    // What protobuf's own JSON writes: 16 and 8 bytes are 24 and 12 characters, which no hex id is.
    if ((text.size() == 24 && text.ends_with("==")) || (text.size() == 12 && text.ends_with('='))) {
      if (const auto bytes = DecodeBase64(text)) {
        out.AddBytes(field.number, *bytes);
        return;
      }
    }
    std::vector<std::uint8_t> id(text.size() / 2);
    if (base::HexDecode(text, id)) {
      out.AddBytes(field.number, {reinterpret_cast<const char*>(id.data()), id.size()});
      return;
    }
    std::string invalid(text);
    if (invalid.size() == kTraceIdBytes || invalid.size() == kSpanIdBytes) {
      invalid.push_back('?');
    }
    out.AddBytes(field.number, invalid);
  }

  void WriteBool(const Field& field, simdjson::ondemand::value value, MessageWriter& out) {
    bool flag = false;
    if (value.get_bool().get(flag) != simdjson::SUCCESS) {
      return FailField(field, "is not true or false");
    }
    out.AddBool(field.number, flag);
  }

  void WriteNumber(const Field& field, json_type type, simdjson::ondemand::value value,
                   MessageWriter& out) {
    std::optional<JsonNumber> number;
    if (type == json_type::string) {
      const std::optional<std::string_view> text = document_.ReadText(value);
      if (!text.has_value()) {
        return;
      }
      number = internal::ParseNumberText(*text);
      if (!number.has_value() && field.kind == FieldKind::kEnum) {
        number = std::int64_t{EnumNumber(*field.names, *text)};
      }
    } else if (field.kind == FieldKind::kDouble) {
      number = internal::ReadJsonDouble(value);
    } else {
      number = internal::ReadJsonNumber(value);
    }
    if (!number.has_value() || !AddNumber(field, *number, out)) {
      FailField(field, "is not a number of its type");
    }
  }

  template <typename Integer>
  static std::optional<Integer> Narrow(const JsonNumber& number) {
    const std::optional<std::int64_t> integer = internal::ToInt64(number);
    if (!integer.has_value() || !std::in_range<Integer>(*integer)) {
      return std::nullopt;
    }
    return static_cast<Integer>(*integer);
  }

  // False if the number does not fit the field.
  static bool AddNumber(const Field& field, const JsonNumber& number, MessageWriter& out) {
    const auto add = [&](auto value, auto method) {
      if (value.has_value()) {
        (out.*method)(field.number, *value);
      }
      return value.has_value();
    };
    switch (field.kind) {
      case FieldKind::kInt:
        if (!add(internal::ToInt64(number), &MessageWriter::AddInt64)) {
          out.AddDouble(4, internal::ToDouble(number));
        }
        return true;
      case FieldKind::kEnum:
        return add(Narrow<std::int32_t>(number), &MessageWriter::PutInt32);
      case FieldKind::kUint32:
        return add(Narrow<std::uint32_t>(number), &MessageWriter::PutUint32);
      case FieldKind::kSint32:
        return add(Narrow<std::int32_t>(number), &MessageWriter::PutSint32);
      case FieldKind::kFixed32:
        return add(Narrow<std::uint32_t>(number), &MessageWriter::PutFixed32);
      case FieldKind::kUint64:
        return add(internal::ToUint64(number), &MessageWriter::AddUint64);
      case FieldKind::kFixed64:
        return add(internal::ToUint64(number), &MessageWriter::AddFixed64);
      case FieldKind::kSfixed64:
        return add(internal::ToInt64(number), &MessageWriter::AddSfixed64);
      case FieldKind::kDouble:
        out.AddDouble(field.number, internal::ToDouble(number));
        return true;
      case FieldKind::kText:
      case FieldKind::kId:
      case FieldKind::kBase64:
      case FieldKind::kBool:
      case FieldKind::kMessage:
        return false;
    }
    return false;
  }

  void FailField(const Field& field, std::string_view problem) {
    document_.Fail("field \"" + std::string(field.key) + "\" " + std::string(problem));
  }

  JsonDocument& document_;
  int value_depth_ = 0;
  std::uint64_t item_count_ = 0;
  std::uint64_t unknown_keys_ = 0;
  std::string misplaced_key_;
};

// Enough of a key to recognise it.
std::string Shortened(std::string_view key) {
  constexpr std::size_t kLongest = 60;
  return key.size() <= kLongest ? std::string(key) : std::string(key.substr(0, kLongest)) + "...";
}

base::Result<std::string> Transcode(Signal signal, std::string_view json, JsonNotes& notes) {
  std::string bytes;
  bytes.reserve(json.size());
  MessageWriter request(bytes);
  JsonDocument document(json);
  Transcoder transcoder(document);
  const base::Result<void> outcome = document.ReadRoot([&](simdjson::ondemand::value root) {
    transcoder.WriteMessage(internal::RequestSchema(signal), root, request);
  });
  if (!outcome) {
    return outcome.error().WithContext("cannot decode request");
  }
  notes.unknown_keys = transcoder.unknown_keys();
  if (const std::string_view key = transcoder.misplaced_key(); !key.empty()) {
    return base::Error(base::Code::kInvalidArgument,
                       "cannot decode request: nothing in it is known; found the key \"" +
                           base::RepairUtf8(Shortened(key)) + "\" where " +
                           std::string(internal::RequestSchema(signal).fields[0].key) +
                           " and what is inside it should be");
  }
  return bytes;
}

}  // namespace

base::Result<std::string> JsonToProtobuf(Signal signal, std::string_view json, JsonNotes* notes) {
  JsonNotes unused;
  JsonNotes& filled = notes != nullptr ? *notes : unused;
  filled = {};
  if (base::IsValidUtf8(json)) {
    return Transcode(signal, json, filled);
  }
  filled.is_repaired = true;
  return Transcode(signal, base::RepairUtf8(json), filled);
}

}  // namespace sightline::otlp
