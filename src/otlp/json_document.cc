// SPDX-License-Identifier: Apache-2.0
#include "otlp/json_document.h"

#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <simdjson.h>

#include "base/error.h"
#include "base/result.h"
#include "otlp/json_scalar.h"

namespace sightline::otlp::internal {

JsonDocument::JsonDocument(std::string_view json) : text_size_(json.size() + 2) {
  padded_.reserve(text_size_ + simdjson::SIMDJSON_PADDING);
  padded_.append("[").append(json).append("]").append(simdjson::SIMDJSON_PADDING, ' ');
}

std::optional<std::string_view> JsonDocument::ReadText(simdjson::ondemand::value value) {
  simdjson::ondemand::raw_json_string raw;
  if (!Check(value.get_raw_json_string().get(raw))) {
    return std::nullopt;
  }
  const auto text = ReadJsonText(raw.raw(), text_scratch_);
  if (!text.has_value()) {
    Fail("wrong escape in a string");
  }
  return text;
}

std::optional<simdjson::ondemand::json_type> JsonDocument::TypeOf(simdjson::ondemand::value value) {
  simdjson::ondemand::json_type type{};
  if (!Check(value.type().get(type))) {
    return std::nullopt;
  }
  return type;
}

bool JsonDocument::Check(simdjson::error_code code) {
  if (code == simdjson::SUCCESS) {
    return true;
  }
  Fail(simdjson::error_message(code));
  return false;
}

void JsonDocument::Fail(std::string message) {
  if (!failure_.has_value()) {
    failure_ = std::move(message);
  }
}

base::Result<void> JsonDocument::Outcome() const {
  if (failure_.has_value()) {
    return base::Error(base::Code::kInvalidArgument, "malformed json: " + *failure_);
  }
  return {};
}

}  // namespace sightline::otlp::internal
