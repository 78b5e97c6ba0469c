// SPDX-License-Identifier: Apache-2.0
#include "normalize/json.h"

#include <array>
#include <charconv>
#include <cmath>
#include <cstddef>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/string.hpp>

#include "base/utf8.h"
#include "normalize/values.h"
#include "otlp/value.h"

namespace sightline::normalize {
namespace {

std::string Base64(std::string_view bytes) {
  constexpr std::string_view kDigits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  out.reserve((bytes.size() + 2) / 3 * 4);
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    std::uint32_t group = 0;
    for (std::size_t j = 0; j < 3; ++j) {
      group = (group << 8U) | (i + j < bytes.size() ? static_cast<std::uint8_t>(bytes[i + j]) : 0U);
    }
    const std::size_t digits = std::min<std::size_t>(bytes.size() - i, 3) + 1;
    for (std::size_t j = 0; j < 4; ++j) {
      out.push_back(j < digits ? kDigits[(group >> (18U - 6U * j)) & 63U] : '=');
    }
  }
  return out;
}

void AppendNumber(double number, std::string& out) {
  if (!std::isfinite(number)) {
    out.append(std::isnan(number) ? "\"NaN\"" : number > 0 ? "\"Infinity\"" : "\"-Infinity\"");
    return;
  }
  std::array<char, 32> buffer{};
  const auto written = std::to_chars(buffer.data(), buffer.data() + buffer.size(), number);
  out.append(buffer.data(), written.ptr);
}

void AppendUtf8Quoted(std::string_view text, std::string& out) {
  if (base::IsValidUtf8(text)) {
    AppendQuoted(text, out);
  } else {
    AppendQuoted(base::RepairUtf8(text), out);
  }
}

void AppendAtDepth(const otlp::Value& value, int depth, std::string& out);

void AppendArray(const otlp::Value& array, int depth, std::string& out) {
  out.push_back('[');
  bool is_first = true;
  otlp::ForEachElement(array, [&](const otlp::Value& element) {
    out.append(is_first ? "" : ",");
    is_first = false;
    AppendAtDepth(element, depth + 1, out);
  });
  out.push_back(']');
}

void AppendMap(const otlp::Value& map, int depth, std::string& out) {
  out.push_back('{');
  bool is_first = true;
  otlp::ForEachEntry(map, [&](std::string_view key, const otlp::Value& element) {
    out.append(is_first ? "" : ",");
    is_first = false;
    AppendUtf8Quoted(key, out);
    out.push_back(':');
    AppendAtDepth(element, depth + 1, out);
  });
  out.push_back('}');
}

void AppendAtDepth(const otlp::Value& value, int depth, std::string& out) {
  switch (value.kind) {
    case otlp::ValueKind::kNone:
      out.append("null");
      return;
    case otlp::ValueKind::kString:
      AppendUtf8Quoted(value.bytes, out);
      return;
    case otlp::ValueKind::kBool:
      out.append(value.integer != 0 ? "true" : "false");
      return;
    case otlp::ValueKind::kInt:
      out.append(std::to_string(value.integer));
      return;
    case otlp::ValueKind::kDouble:
      AppendNumber(value.number, out);
      return;
    case otlp::ValueKind::kBytes:
      AppendQuoted(Base64(value.bytes), out);
      return;
    case otlp::ValueKind::kArray:
    case otlp::ValueKind::kMap:
      break;
  }
  if (depth >= otlp::kMaxValueDepth) {
    out.append("null");
  } else if (value.kind == otlp::ValueKind::kArray) {
    AppendArray(value, depth, out);
  } else {
    AppendMap(value, depth, out);
  }
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

std::optional<json::value> ParseStructure(std::string_view text) {
  const std::size_t start = text.find_first_not_of(" \t\r\n");
  if (start == std::string_view::npos || (text[start] != '{' && text[start] != '[')) {
    return std::nullopt;
  }
  return ParseJson(text);
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

std::string TextOrJson(const json::value& value) {
  if (const json::string* text = value.if_string()) {
    return {text->data(), text->size()};
  }
  return json::serialize(value);
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
  AppendAtDepth(value, 0, out);
}

}  // namespace sightline::normalize
