// SPDX-License-Identifier: Apache-2.0
#include "api/kept/example_json.h"

#include <algorithm>

#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <fmt/format.h>

#include "api/request/json_fields.h"

namespace sightline::api {
namespace {

using base::Result;

constexpr std::size_t kMostMetadataBytes = std::size_t{16} << 10U;

void WriteJson(base::JsonWriter& json, std::string_view key, const std::string& value) {
  json.Key(key);
  if (value.empty()) {
    json.Null();
  } else {
    json.Raw(value);
  }
}

}  // namespace

std::string InOneLine(std::string json) {
  // Inside of texts line breaks are escaped, so that these stand between values.
  std::ranges::replace_if(json, [](char c) { return c == '\n' || c == '\r'; }, ' ');
  return json;
}

Result<void> CheckLength(std::string_view what, std::string_view json, std::size_t most_bytes) {
  if (json.size() > most_bytes) {
    return base::Error(base::Code::kResourceExhausted,
                       fmt::format("the {} has {} bytes as JSON: at most {} are kept", what,
                                   json.size(), most_bytes));
  }
  return {};
}

Result<std::string> ReadJson(ObjectReader& reader, std::string_view name) {
  const boost::json::value* value = reader.Find(name);
  std::string json = value == nullptr ? std::string() : boost::json::serialize(*value);
  TRY(CheckLength(name, json));
  return json;
}

Result<std::string> ReadMetadata(ObjectReader& reader) {
  const boost::json::value* value = reader.Find("metadata");
  if (value == nullptr) {
    return std::string();
  }
  if (!value->is_object()) {
    return BadField(reader.PathOf("metadata"), "an object expected");
  }
  std::string json = boost::json::serialize(*value);
  TRY(CheckLength("metadata", json, kMostMetadataBytes));
  return json;
}

void WriteExample(const store::Example& example, base::JsonWriter& json) {
  json.BeginObject();
  json.Key("id").String(example.id);
  WriteJson(json, "input", example.input);
  WriteJson(json, "output", example.output);
  WriteJson(json, "expected", example.expected);
  WriteJson(json, "metadata", example.metadata);
  WriteText(json, "trace_id", example.trace_id);
  WriteText(json, "execution_id", example.run_id);
  WriteText(json, "span_id", example.span_id);
  WriteTime(json, "start_time", example.run_ns);
  WriteTime(json, "created_at", example.created_ns);
  WriteTime(json, "updated_at", example.updated_ns);
  json.EndObject();
}

}  // namespace sightline::api
