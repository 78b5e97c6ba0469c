// SPDX-License-Identifier: Apache-2.0
#include "normalize/attribute_source.h"

#include "normalize/json.h"

namespace sightline::normalize {
namespace {

SourceAttribute Convert(std::string_view key, const otlp::Value& value, base::Arena& arena) {
  if (value.kind == otlp::ValueKind::kString) {
    return {.key = key, .text = value.bytes};
  }
  std::string text;
  AppendJson(value, text);
  return {.key = key, .text = arena.Copy(text), .is_json = true};
}

std::vector<SourceAttribute> ConvertAll(std::span<const otlp::KeyValue> attributes,
                                        base::Arena& arena) {
  std::vector<SourceAttribute> converted;
  converted.reserve(attributes.size());
  for (const otlp::KeyValue& attribute : attributes) {
    converted.push_back(Convert(attribute.key, attribute.value, arena));
  }
  return converted;
}

}  // namespace

DecodedSource::DecodedSource(const otlp::Request& request, const otlp::Span& span,
                             base::Arena& arena)
    : attributes_(ConvertAll(request.Attributes(span.attributes), arena)) {
  for (const otlp::SpanEvent& event : request.Events(span.events)) {
    // The inner vectors keep their memory when the outer one grows.
    event_attributes_.push_back(ConvertAll(request.Attributes(event.attributes), arena));
    events_.push_back({.name = event.name,
                       .time_ns = static_cast<std::int64_t>(event.time_ns),
                       .attributes = event_attributes_.back()});
  }
}

DecodedSource::DecodedSource(const otlp::Request& request, const otlp::LogRecord& log,
                             std::string_view name, base::Arena& arena)
    : attributes_(ConvertAll(request.Attributes(log.attributes), arena)) {
  AddLog(request, log, name, arena);
}

void DecodedSource::AddLog(const otlp::Request& request, const otlp::LogRecord& log,
                           std::string_view name, base::Arena& arena) {
  event_attributes_.push_back(ConvertAll(request.Attributes(log.attributes), arena));
  logs_.push_back({.name = name,
                   .time_ns = static_cast<std::int64_t>(log.time_ns),
                   .attributes = event_attributes_.back(),
                   .body = Convert({}, log.body, arena)});
}

}  // namespace sightline::normalize
