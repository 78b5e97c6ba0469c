// SPDX-License-Identifier: Apache-2.0
#include "api/telemetry/log_json.h"

#include <array>
#include <cstddef>
#include <cstdint>

#include <fmt/format.h>

#include "api/request/body_writer.h"
#include "api/request/json_fields.h"
#include "base/time_text.h"

namespace sightline::api {
namespace {

constexpr std::array<std::string_view, 6> kLevels = {"trace",   "debug", "info",
                                                     "warning", "error", "fatal"};
constexpr unsigned kSeveritiesPerLevel = 4;

// By OTel severity number; a record that says none informs.
std::string_view LevelOf(std::uint8_t severity) {
  return severity == 0 || severity > kLevels.size() * kSeveritiesPerLevel
             ? "info"
             : kLevels[(severity - 1U) / kSeveritiesPerLevel];
}

}  // namespace

std::string LogId(const model::LogRecord& log) {
  return fmt::format("{:016x}", model::LogKey(log));
}

namespace {

// What a record says of itself, inside an object that is open; its level under `level_key`.
void WriteLogFields(const model::LogRecord& log, std::string_view level_key, const Bodies& bodies,
                    base::LossTable& losses, base::JsonWriter& json) {
  const SpanDocument document(log, bodies);
  if (document.missing_bodies() != 0) {
    losses.Count(base::Loss::kContentMissing, document.missing_bodies());
  }
  const std::string id = LogId(log);
  BodyWriter body_writer(LogUrl(log.trace_id, id), json);
  json.Key("id").String(id);
  json.Key("timestamp").String(base::FormatTimeNs(log.time_ns));
  json.Key(level_key).String(LevelOf(log.severity));
  const std::string_view body = document.body().text;
  body_writer.WriteTextField("message", body.empty() ? log.event_name : body,
                             ContentPlace::Of("message"));
  WriteText(json, "event_name", log.event_name);
  WriteText(json, "span_id", log.span_id.is_zero() ? "" : log.span_id.ToHex());
  json.Key("metadata").BeginObject();
  for (const normalize::SourceAttribute& attribute : document.attributes()) {
    json.Key(attribute.key);
    body_writer.Write(attribute.text, FormOf(attribute),
                      {.field = "metadata", .key = std::string(attribute.key)});
  }
  json.EndObject();
}

}  // namespace

void WriteLog(const model::LogRecord& log, const Bodies& bodies, base::LossTable& losses,
              base::JsonWriter& json) {
  json.BeginObject();
  WriteLogFields(log, "level", bodies, losses, json);
  json.EndObject();
}

void WriteListedLog(const model::LogRecord& log, const Bodies& bodies, base::LossTable& losses,
                    base::JsonWriter& json) {
  json.BeginObject();
  WriteLogFields(log, "level", bodies, losses, json);
  WriteText(json, "trace_id", log.trace_id.is_zero() ? "" : log.trace_id.ToHex());
  WriteText(json, "service", log.service);
  WriteText(json, "scope", log.scope);
  WriteText(json, "session_id", log.session_id);
  json.EndObject();
}

void WriteRunLog(const model::LogRecord& log, const Bodies& bodies, base::LossTable& losses,
                 base::JsonWriter& json) {
  json.BeginObject();
  WriteLogFields(log, "log_level", bodies, losses, json);
  json.EndObject();
}

std::optional<std::uint8_t> LeastSeverityOf(std::string_view level) {
  for (std::size_t i = 0; i < kLevels.size(); ++i) {
    if (kLevels[i] == level) {
      return static_cast<std::uint8_t>(1 + i * kSeveritiesPerLevel);
    }
  }
  return std::nullopt;
}

base::Result<std::string> FindLogContent(const model::LogRecord& log, const Bodies& bodies,
                                         const ContentPlace& place) {
  const SpanDocument document(log, bodies);
  if (place.field == "message" && !document.body().text.empty()) {
    return std::string(document.body().text);
  }
  if (place.field == "metadata") {
    for (const normalize::SourceAttribute& attribute : document.attributes()) {
      if (attribute.key == place.key) {
        return std::string(attribute.text);
      }
    }
  } else if (place.field != "message") {
    return base::Error(base::Code::kInvalidArgument,
                       "bad parameter field: message or metadata expected");
  }
  return base::Error(base::Code::kNotFound, "the log record has no value at this field and key");
}

}  // namespace sightline::api
