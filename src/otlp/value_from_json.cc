// SPDX-License-Identifier: Apache-2.0
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include <simdjson.h>

#include "base/result.h"
#include "otlp/base64.h"
#include "otlp/json_document.h"
#include "otlp/json_scalar.h"
#include "otlp/message_writer.h"
#include "otlp/value.h"
#include "otlp/value_json.h"

namespace sightline::otlp {
namespace {

using internal::JsonDocument;
using internal::JsonNumber;
using internal::MessageWriter;
using simdjson::ondemand::json_type;

// What a map of one entry may stand for.
struct Special {
  bool is_double = false;
  double number = 0;
  std::string bytes;
};

// Only what AppendJson writes is special, so that all other text stays the map that it is.
std::optional<Special> ReadSpecial(std::string_view key, std::string_view text) {
  if (key == "$double" && (text == "NaN" || text == "Infinity" || text == "-Infinity")) {
    return Special{.is_double = true,
                   .number = internal::ToDouble(*internal::ParseNumberText(text))};
  }
  if (key == "$bytes") {
    if (auto bytes = DecodeBase64(text)) {
      std::string canonical;
      AppendBase64(*bytes, canonical);
      if (canonical == text) {
        return Special{.bytes = std::move(*bytes)};
      }
    }
  }
  return std::nullopt;
}

// Writes one JSON text as an AnyValue.
class ValueReader {
 public:
  ValueReader(JsonDocument& document, std::string& buffer) : document_(document), buffer_(buffer) {}

  // `depth` is the number of containers around the value.
  void Write(simdjson::ondemand::value value, int depth, MessageWriter& out) {
    const std::optional<json_type> type = document_.TypeOf(value);
    if (!type.has_value()) {
      return;
    }
    switch (*type) {
      case json_type::object:
        return WriteObject(value, depth, out);
      case json_type::array:
        return WriteArray(value, depth, out);
      case json_type::string:
        if (const auto text = document_.ReadText(value)) {
          out.AddBytes(1, *text);
        }
        return;
      case json_type::number:
        return WriteNumber(value, out);
      case json_type::boolean:
        return WriteBool(value, out);
      case json_type::null:
        return CheckNull(value);
    }
  }

 private:
  void WriteArray(simdjson::ondemand::value value, int depth, MessageWriter& out) {
    if (depth >= kMaxValueDepth) {
      return;
    }
    out.AddMessage(5, [&](MessageWriter& array) {
      document_.ForEachElement(value, [&](simdjson::ondemand::value element) {
        array.AddMessage(1, [&](MessageWriter& message) { Write(element, depth + 1, message); });
      });
    });
  }

  // Writes a map, and takes it back if it turns out to stand for something else.
  void WriteObject(simdjson::ondemand::value value, int depth, MessageWriter& out) {
    const std::size_t before = buffer_.size();
    std::optional<Special> special;
    std::size_t entry_count = 0;
    out.AddMessage(6, [&](MessageWriter& map) {
      document_.ForEachEntry(value, [&](std::string_view key, simdjson::ondemand::value entry) {
        ++entry_count;
        if (entry_count == 1 && key.starts_with('$')) {
          special = PeekSpecial(key, entry);
        }
        if (depth < kMaxValueDepth) {
          WriteEntry(key, entry, depth, map);
        }
      });
    });
    const bool is_special = entry_count == 1 && special.has_value();
    if (is_special || depth >= kMaxValueDepth) {
      buffer_.resize(before);
    }
    if (is_special && special->is_double) {
      out.AddDouble(4, special->number);
    } else if (is_special) {
      out.AddBytes(7, special->bytes);
    }
  }

  void WriteEntry(std::string_view key, simdjson::ondemand::value entry, int depth,
                  MessageWriter& map) {
    map.AddMessage(1, [&](MessageWriter& message) {
      message.PutBytes(1, key);
      message.AddMessage(2, [&](MessageWriter& any) { Write(entry, depth + 1, any); });
    });
  }

  // Looks at a string without moving the cursor.
  std::optional<Special> PeekSpecial(std::string_view key, simdjson::ondemand::value entry) {
    if (document_.TypeOf(entry) != json_type::string) {
      return std::nullopt;
    }
    const std::string_view token = entry.raw_json_token();
    const auto text = internal::ReadJsonText(token.data() + 1, scratch_);
    return text.has_value() ? ReadSpecial(key, *text) : std::nullopt;
  }

  void WriteNumber(simdjson::ondemand::value value, MessageWriter& out) {
    const std::optional<JsonNumber> number = internal::ReadJsonNumber(value);
    if (!number.has_value()) {
      return document_.Fail("a number is malformed or out of range");
    }
    if (const auto* integer = std::get_if<std::int64_t>(&*number)) {
      out.AddInt64(3, *integer);
    } else {
      out.AddDouble(4, internal::ToDouble(*number));
    }
  }

  void WriteBool(simdjson::ondemand::value value, MessageWriter& out) {
    bool flag = false;
    if (document_.Check(value.get_bool().get(flag))) {
      out.AddBool(2, flag);
    }
  }

  void CheckNull(simdjson::ondemand::value value) {
    bool is_null = false;
    if (document_.Check(value.is_null().get(is_null)) && !is_null) {
      document_.Fail("a value is neither null nor anything else");
    }
  }

  JsonDocument& document_;
  std::string& buffer_;
  std::string scratch_;
};

}  // namespace

base::Result<std::string> JsonToValue(std::string_view json) {
  std::string bytes;
  MessageWriter message(bytes);
  JsonDocument document(json);
  ValueReader reader(document, bytes);
  const base::Result<void> outcome =
      document.ReadRoot([&](simdjson::ondemand::value root) { reader.Write(root, 0, message); });
  if (!outcome) {
    return outcome.error().WithContext("cannot read value");
  }
  return bytes;
}

}  // namespace sightline::otlp
