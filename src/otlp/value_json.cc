// SPDX-License-Identifier: Apache-2.0
#include "otlp/value_json.h"

#include <array>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <string_view>

#include "otlp/base64.h"
#include "otlp/request.h"
#include "otlp/seen_keys.h"
#include "otlp/value.h"

namespace sightline::otlp {
namespace {

void AppendValue(const Value& value, int depth, std::string& out, JsonMarks& marks);

void AppendArray(const Value& array, int depth, std::string& out, JsonMarks& marks) {
  char separator = '[';
  ForEachElement(array, [&](const Value& element) {
    out.push_back(separator);
    separator = ',';
    AppendValue(element, depth, out, marks);
  });
  out.append(separator == '[' ? "[]" : "]");
}

void AppendMap(const Value& map, int depth, std::string& out, JsonMarks& marks) {
  char separator = '{';
  SeenKeys seen;
  ForEachEntry(map, [&](std::string_view key, const Value& entry) {
    if (!seen.Insert(key)) {
      marks.has_repeats = true;
      return;
    }
    out.push_back(separator);
    separator = ',';
    AppendJsonString(key, out, marks);
    out.push_back(':');
    AppendValue(entry, depth, out, marks);
  });
  out.append(separator == '{' ? "{}" : "}");
}

// `depth` is the number of containers around the value.
void AppendValue(const Value& value, int depth, std::string& out, JsonMarks& marks) {
  switch (value.kind) {
    case ValueKind::kNone:
      out.append("null");
      break;
    case ValueKind::kString:
      AppendJsonString(value.bytes, out, marks);
      break;
    case ValueKind::kBool:
      out.append(value.integer != 0 ? "true" : "false");
      break;
    case ValueKind::kInt:
      AppendJsonInt(value.integer, out);
      break;
    case ValueKind::kDouble:
      AppendJsonDouble(value.number, out);
      break;
    case ValueKind::kBytes:
      AppendJsonBytes(value.bytes, out);
      break;
    case ValueKind::kArray:
    case ValueKind::kMap:
      if (depth >= kMaxValueDepth) {
        marks.is_too_deep = true;
        out.append("null");
      } else if (value.kind == ValueKind::kArray) {
        AppendArray(value, depth + 1, out, marks);
      } else {
        AppendMap(value, depth + 1, out, marks);
      }
      break;
  }
}

}  // namespace

void AppendJsonInt(std::int64_t value, std::string& out) {
  std::array<char, 24> text;
  const auto result = std::to_chars(text.data(), text.data() + text.size(), value);
  out.append(text.data(), result.ptr);
}

void AppendJsonDouble(double value, std::string& out) {
  if (!std::isfinite(value)) {
    const std::string_view infinity = value > 0 ? "Infinity" : "-Infinity";
    out.append(R"({"$double":")").append(std::isnan(value) ? "NaN" : infinity).append("\"}");
    return;
  }
  std::array<char, 32> text;
  const auto result = std::to_chars(text.data(), text.data() + text.size(), value);
  const std::string_view digits(text.data(), result.ptr);
  out.append(digits);
  if (digits.find_first_of(".e") == std::string_view::npos) {
    out.append(".0");
  }
}

void AppendJsonBytes(std::string_view bytes, std::string& out) {
  out.append(R"({"$bytes":")");
  AppendBase64(bytes, out);
  out.append("\"}");
}

void AppendJson(const Value& value, std::string& out, JsonMarks& marks) {
  AppendValue(value, 0, out, marks);
}

void AppendJsonObject(std::span<const KeyValue> attributes, std::string& out, JsonMarks& marks) {
  char separator = '{';
  SeenKeys seen;
  for (const KeyValue& attribute : attributes) {
    if (!seen.Insert(attribute.key)) {
      marks.has_repeats = true;
      continue;
    }
    out.push_back(separator);
    separator = ',';
    AppendJsonString(attribute.key, out, marks);
    out.push_back(':');
    AppendJson(attribute.value, out, marks);
  }
  out.append(separator == '{' ? "{}" : "}");
}

}  // namespace sightline::otlp
