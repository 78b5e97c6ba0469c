// SPDX-License-Identifier: Apache-2.0
#include "api/request/object_reader.h"

#include <algorithm>
#include <utility>

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <fmt/format.h>

#include "api/request/nearest_name.h"
#include "base/ascii.h"
#include "base/utf8.h"

namespace sightline::api {
namespace {

using base::Code;
using base::Error;
using base::Result;
namespace json = boost::json;

constexpr std::size_t kMostShownBytes = 60;  // Of a bad value, in the sentence that refuses it.

bool IsControl(char c) {
  return static_cast<unsigned char>(c) < 0x20 || c == 0x7F;
}

bool IsControlButLayout(char c) {
  return IsControl(c) && c != '\n' && c != '\t' && c != '\r';
}

}  // namespace

Result<json::value> ParseRequestJson(std::string_view text) {
  json::error_code error;
  json::value value = json::parse({text.data(), text.size()}, error);
  if (error) {
    return Error(Code::kInvalidArgument, fmt::format("bad body: not JSON: {}", error.message()));
  }
  return value;
}

Error BadField(std::string_view path, std::string_view cause) {
  return {Code::kInvalidArgument, fmt::format("bad field {}: {}", path, cause)};
}

Error UnknownName(std::string_view path, std::string_view name,
                  std::span<const std::string_view> names) {
  return BadField(path,
                  fmt::format("'{}' is not known; the nearest is '{}'",
                              base::TruncateUtf8(name, kMostShownBytes), NearestName(name, names)));
}

Result<ObjectReader> ObjectReader::Of(const json::value& value, std::string path) {
  if (!value.is_object()) {
    return path.empty() ? Error(Code::kInvalidArgument, "bad body: not an object")
                        : BadField(path, "not an object");
  }
  return ObjectReader(value.get_object(), std::move(path));
}

std::string ObjectReader::PathOf(std::string_view name) const {
  return path_.empty() ? std::string(name) : fmt::format("{}.{}", path_, name);
}

const json::value* ObjectReader::Find(std::string_view name) {
  asked_.push_back(name);
  const json::value* value = object_->if_contains({name.data(), name.size()});
  return value == nullptr || value->is_null() ? nullptr : value;
}

Result<std::string> ObjectReader::Text(std::string_view name, std::size_t most_bytes) {
  const json::value* value = Find(name);
  if (value == nullptr) {
    return std::string();
  }
  if (!value->is_string() || value->get_string().size() > most_bytes ||
      std::ranges::any_of(value->get_string(), IsControlButLayout)) {
    return BadField(PathOf(name), fmt::format("not a text of at most {} bytes", most_bytes));
  }
  return std::string(value->get_string());
}

Result<std::string> ObjectReader::Name(std::string_view name, std::size_t most_bytes) {
  const json::value* value = Find(name);
  const std::string_view text = value != nullptr && value->is_string()
                                    ? base::Trim(std::string_view(value->get_string()))
                                    : std::string_view();
  if (text.empty() || text.size() > most_bytes || std::ranges::any_of(text, IsControl)) {
    return BadField(PathOf(name), fmt::format("not a text of 1 to {} bytes in a line", most_bytes));
  }
  return std::string(text);
}

Result<std::string> ObjectReader::OneOf(std::string_view name,
                                        std::span<const std::string_view> names) {
  const json::value* value = Find(name);
  if (value == nullptr || !value->is_string()) {
    return BadField(PathOf(name), "a name expected");
  }
  const std::string_view text(value->get_string());
  if (std::ranges::find(names, text) == names.end()) {
    return UnknownName(PathOf(name), text, names);
  }
  return std::string(text);
}

Result<std::optional<std::int64_t>> ObjectReader::Int(std::string_view name, std::int64_t least,
                                                      std::int64_t most) {
  const json::value* value = Find(name);
  if (value == nullptr) {
    return std::optional<std::int64_t>();
  }
  if (!value->is_int64() || value->get_int64() < least || value->get_int64() > most) {
    return BadField(PathOf(name), fmt::format("not a whole number from {} to {}", least, most));
  }
  return std::optional(value->get_int64());
}

Result<std::int64_t> ObjectReader::RequiredInt(std::string_view name, std::int64_t least,
                                               std::int64_t most) {
  const std::optional<std::int64_t> value = TRY(Int(name, least, most));
  if (!value) {
    return BadField(PathOf(name),
                    fmt::format("a whole number from {} to {} expected", least, most));
  }
  return *value;
}

Result<const json::array*> ObjectReader::List(std::string_view name, std::size_t most) {
  const json::value* value = Find(name);
  if (value == nullptr) {
    return static_cast<const json::array*>(nullptr);
  }
  if (!value->is_array() || value->get_array().size() > most) {
    return BadField(PathOf(name), fmt::format("not a list of at most {} items", most));
  }
  return &value->get_array();
}

Result<void> ObjectReader::RefuseOthers() const {
  for (const auto& member : *object_) {
    const std::string_view name(member.key());
    if (std::ranges::find(asked_, name) == asked_.end()) {
      return BadField(PathOf(base::TruncateUtf8(name, kMostShownBytes)),
                      fmt::format("no such field; the nearest is '{}'", NearestName(name, asked_)));
    }
  }
  return {};
}

}  // namespace sightline::api
