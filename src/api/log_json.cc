// SPDX-License-Identifier: Apache-2.0
#include "api/log_json.h"

#include <array>
#include <cstdint>
#include <string_view>

#include "api/body_writer.h"
#include "api/json_fields.h"
#include "base/time_text.h"
#include "base/utf8.h"

namespace sightline::api {
namespace {

std::string_view LevelOf(std::uint8_t severity) {
  constexpr std::array<std::string_view, 6> kLevels = {"trace",   "debug", "info",
                                                       "warning", "error", "fatal"};
  return severity == 0 || severity > 24 ? "INFO" : kLevels[(severity - 1U) / 4U];
}

}  // namespace

void WriteLog(const model::LogRecord& log, const Bodies& bodies, base::JsonWriter& json) {
  const SpanDocument document(log, bodies);
  json.BeginObject();
  json.Key("timestamp").String(base::FormatTimeNs(log.time_ns));
  json.Key("level").String(LevelOf(log.severity));
  const std::string_view body = document.body().text;
  json.Key("message").String(body.empty() ? log.event_name
                                          : base::TruncateUtf8(body, kInlineBytes));
  WriteText(json, "event_name", log.event_name);
  WriteText(json, "span_id", log.span_id.is_zero() ? "" : log.span_id.ToHex());
  json.Key("metadata").BeginObject();
  for (const normalize::SourceAttribute& attribute : document.attributes()) {
    json.Key(attribute.key);
    if (attribute.is_json && attribute.text.size() <= kInlineBytes) {
      json.Raw(attribute.text);
    } else {
      json.String(base::TruncateUtf8(attribute.text, kInlineBytes));
    }
  }
  json.EndObject().EndObject();
}

}  // namespace sightline::api
