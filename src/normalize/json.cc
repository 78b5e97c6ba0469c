// SPDX-License-Identifier: Apache-2.0
#include "normalize/json.h"

#include <array>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <utility>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/string.hpp>

#include "base/json_quote.h"
#include "normalize/lenient_json.h"
#include "normalize/values.h"
#include "otlp/value_json.h"

namespace sightline::normalize {
namespace {

void AppendValue(const json::value& value, std::string& out);

std::string_view View(json::string_view text) {
  return {text.data(), text.size()};
}

void AppendArray(const json::array& list, std::string& out) {
  out.push_back('[');
  bool is_first = true;
  for (const json::value& element : list) {
    out.append(is_first ? "" : ",");
    is_first = false;
    AppendValue(element, out);
  }
  out.push_back(']');
}

void AppendObject(const json::object& map, std::string& out) {
  out.push_back('{');
  bool is_first = true;
  for (const auto& [name, element] : map) {
    out.append(is_first ? "" : ",");
    is_first = false;
    base::AppendJsonString(View(name), out);
    out.push_back(':');
    AppendValue(element, out);
  }
  out.push_back('}');
}

// Depth is bounded by ParseJson.
void AppendValue(const json::value& value, std::string& out) {
  switch (value.kind()) {
    case json::kind::null:
      out.append("null");
      return;
    case json::kind::bool_:
      out.append(value.get_bool() ? "true" : "false");
      return;
    case json::kind::int64:
      out.append(std::to_string(value.get_int64()));
      return;
    case json::kind::uint64:
      out.append(std::to_string(value.get_uint64()));
      return;
    case json::kind::double_: {
      if (!std::isfinite(value.get_double())) {
        out.append(std::isnan(value.get_double()) ? "\"NaN\""
                   : value.get_double() > 0       ? "\"Infinity\""
                                                  : "\"-Infinity\"");
        return;
      }
      std::array<char, 32> buffer{};
      const auto written =
          std::to_chars(buffer.data(), buffer.data() + buffer.size(), value.get_double());
      out.append(buffer.data(), written.ptr);
      return;
    }
    case json::kind::string:
      base::AppendJsonString(View(value.get_string()), out);
      return;
    case json::kind::array:
      AppendArray(value.get_array(), out);
      return;
    case json::kind::object:
      AppendObject(value.get_object(), out);
      return;
  }
}

bool LooksStructured(std::string_view text) {
  const std::size_t start = text.find_first_not_of(" \t\r\n");
  return start != std::string_view::npos && (text[start] == '{' || text[start] == '[');
}

}  // namespace

std::optional<json::value> ParseJson(std::string_view text) {
  // JSON text inside attributes (a history of messages) nests deeper than attribute values do.
  constexpr std::size_t kMaxDepth = 64;
  json::parse_options options;
  options.max_depth = kMaxDepth;
  options.allow_invalid_utf8 = true;
  json::error_code error;
  json::value value = json::parse({text.data(), text.size()}, error, {}, options);
  if (error) {
    return std::nullopt;
  }
  return value;
}

std::optional<json::value> ParseStrictStructure(std::string_view text) {
  return LooksStructured(text) ? ParseJson(text) : std::nullopt;
}

std::optional<json::value> ParseStructure(std::string_view text) {
  if (!LooksStructured(text)) {
    return std::nullopt;
  }
  auto strict = ParseJson(text);
  return strict ? std::move(strict) : ParseLenientJson(text);
}

std::string StructureText(std::string text) {
  if (!LooksStructured(text) || ParseJson(text)) {
    return text;
  }
  const auto lenient = ParseLenientJson(text);
  return lenient ? ToJsonText(*lenient) : std::move(text);
}

const json::value* Member(const json::value& object,
                          std::initializer_list<std::string_view> names) {
  const json::object* map = object.if_object();
  if (map == nullptr) {
    return nullptr;
  }
  for (const std::string_view name : names) {
    const json::value* found = map->if_contains({name.data(), name.size()});
    if (found != nullptr && !found->is_null()) {
      return found;
    }
  }
  return nullptr;
}

std::string_view TextMember(const json::value& object,
                            std::initializer_list<std::string_view> names) {
  const json::value* found = Member(object, names);
  if (found == nullptr || !found->is_string()) {
    return {};
  }
  return {found->get_string().data(), found->get_string().size()};
}

std::optional<std::int64_t> CountMember(const json::value& object,
                                        std::initializer_list<std::string_view> names) {
  for (const std::string_view name : names) {
    const json::value* found = Member(object, {name});
    if (found == nullptr) {
      continue;
    }
    const auto count = ParseInteger(TextOrJson(*found));
    if (count && *count >= 0) {
      return count;
    }
  }
  return std::nullopt;
}

std::string ToJsonText(const json::value& value) {
  std::string text;
  AppendValue(value, text);
  return text;
}

std::string TextOrJson(const json::value& value) {
  if (const json::string* text = value.if_string()) {
    return {text->data(), text->size()};
  }
  return ToJsonText(value);
}

json::value ToJson(const otlp::Value& value) {
  switch (value.kind) {
    case otlp::ValueKind::kNone:
      return nullptr;
    case otlp::ValueKind::kString:
      return json::string(value.bytes.data(), value.bytes.size());
    case otlp::ValueKind::kBool:
      return value.integer != 0;
    case otlp::ValueKind::kInt:
      return value.integer;
    case otlp::ValueKind::kDouble:
      return value.number;
    case otlp::ValueKind::kArray:
    case otlp::ValueKind::kMap:
    case otlp::ValueKind::kBytes:
      break;
  }
  std::string text;
  AppendJson(value, text);
  auto parsed = ParseJson(text);
  return parsed ? std::move(*parsed) : json::value(nullptr);
}

void AppendJson(const otlp::Value& value, std::string& out) {
  otlp::JsonMarks marks;  // Marked and counted where attributes are stored.
  otlp::AppendJson(value, out, marks);
}

}  // namespace sightline::normalize
