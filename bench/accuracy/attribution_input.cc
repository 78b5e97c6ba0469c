// SPDX-License-Identifier: Apache-2.0
#include "accuracy/attribution_input.h"

namespace sightline::accuracy {
namespace {

namespace json = boost::json;

bool IsSet(const json::object& object, const char* key) {
  const json::value* value = object.if_contains(key);
  return value != nullptr && !value->is_null() && *value != json::value(false);
}

}  // namespace

std::string TextOf(const json::object& object, const char* key) {
  const json::value* value = object.if_contains(key);
  if (value == nullptr || value->is_null()) {
    return {};
  }
  return value->is_string() ? std::string(value->as_string()) : json::serialize(*value);
}

AttributionInput ReadAttributionInput(const json::object& line) {
  AttributionInput input;
  input.id = TextOf(line, "id");
  input.run.task = TextOf(line, "task");
  for (const json::value& value : line.at("steps").as_array()) {
    const json::object& step = value.as_object();
    input.run.steps.push_back({.agent = TextOf(step, "agent"),
                               .text = TextOf(step, "text"),
                               .to = TextOf(step, "to"),
                               .note = TextOf(step, "note"),
                               .tool = TextOf(step, "tool"),
                               .arguments = TextOf(step, "arguments"),
                               .is_error = IsSet(step, "error")});
  }
  return input;
}

}  // namespace sightline::accuracy
