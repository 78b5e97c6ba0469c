// SPDX-License-Identifier: Apache-2.0
#include "api/kept/saved_json.h"

#include <array>
#include <cstdint>
#include <random>
#include <utility>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <fmt/format.h>

#include "base/time_text.h"

namespace sightline::api {
namespace {

void WriteTime(std::string_view name, std::int64_t time_ns, base::JsonWriter& json) {
  json.Key(name);
  if (time_ns == 0) {
    json.Null();
  } else {
    json.String(base::FormatTimeNs(time_ns));
  }
}

}  // namespace

std::string NewSavedId() {
  std::random_device device;
  return fmt::format("{:08x}{:08x}", device(), device());
}

base::Result<boost::json::object> ReadSavedObject(const store::SavedDocument& saved) {
  boost::json::error_code error;
  boost::json::value value = boost::json::parse(saved.document, error);
  if (error || !value.is_object()) {
    return base::Error(base::Code::kDataLoss,
                       fmt::format("cannot read what was saved as '{}'", saved.id));
  }
  return std::move(value.get_object());
}

void WriteSavedMember(const boost::json::object& object, std::string_view name,
                      base::JsonWriter& json) {
  const boost::json::value* value = object.if_contains({name.data(), name.size()});
  json.Key(name);
  if (value == nullptr) {
    json.Null();
  } else {
    json.Raw(boost::json::serialize(*value));
  }
}

void WriteSavedTimes(const store::SavedDocument& saved, base::JsonWriter& json) {
  WriteTime("created_at", saved.created_ns, json);
  WriteTime("updated_at", saved.updated_ns, json);
}

std::string DeletedJson() {
  return R"({"deleted":1})";
}

}  // namespace sightline::api
