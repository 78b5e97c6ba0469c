// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/check.h"
#include "base/utf8.h"
#include "otlp/decode.h"
#include "otlp/request.h"
#include "otlp/value.h"
#include "otlp/value_json.h"

// What both OTLP fuzzers do with bytes that were decoded: touch everything, and hold values to the
// properties that the rest of the program relies on.
namespace sightline::fuzz {

// Reads every byte, so that a view out of bounds is found.
inline std::uint64_t Touch(std::string_view text) {
  std::uint64_t sum = 0;
  for (const char c : text) {
    sum += static_cast<std::uint8_t>(c);
  }
  return sum;
}

inline std::string ToJson(const otlp::Value& value) {
  std::string json;
  otlp::JsonMarks marks;
  otlp::AppendJson(value, json, marks);
  return json;
}

// Value -> JSON -> value -> JSON must give the first JSON again.
inline void CheckRoundTrip(const otlp::Value& value) {
  const std::string json = ToJson(value);
  CHECK(base::IsValidUtf8(json));
  const auto bytes = otlp::JsonToValue(json);
  CHECK(bytes.has_value());
  CHECK(ToJson(otlp::DecodeValue(*bytes)) == json);
}

inline std::uint64_t WalkAttributes(const otlp::Request& request, otlp::Range range) {
  std::uint64_t sum = 0;
  for (const otlp::KeyValue& attribute : request.Attributes(range)) {
    sum += Touch(attribute.key) + Touch(attribute.value.bytes);
    CheckRoundTrip(attribute.value);
  }
  return sum;
}

inline std::uint64_t WalkSpans(const otlp::Request& request) {
  std::uint64_t sum = 0;
  for (const otlp::Span& span : request.spans) {
    CHECK(span.resource < request.resources.size() && span.scope < request.scopes.size());
    for (const std::string_view text : {span.trace_id, span.span_id, span.parent_span_id,
                                        span.trace_state, span.name, span.status_message}) {
      sum += Touch(text);
    }
    sum += WalkAttributes(request, span.attributes);
    for (const otlp::SpanEvent& event : request.Events(span.events)) {
      sum += Touch(event.name) + WalkAttributes(request, event.attributes);
    }
    for (const otlp::SpanLink& link : request.Links(span.links)) {
      sum += Touch(link.trace_id) + Touch(link.span_id) + Touch(link.trace_state) +
             WalkAttributes(request, link.attributes);
    }
  }
  return sum;
}

inline std::uint64_t WalkLogs(const otlp::Request& request) {
  std::uint64_t sum = 0;
  for (const otlp::LogRecord& log : request.logs) {
    CHECK(log.resource < request.resources.size() && log.scope < request.scopes.size());
    for (const std::string_view text :
         {log.severity_text, log.trace_id, log.span_id, log.event_name, log.body.bytes}) {
      sum += Touch(text);
    }
    CheckRoundTrip(log.body);
    sum += WalkAttributes(request, log.attributes);
  }
  return sum;
}

inline std::uint64_t WalkMetrics(const otlp::Request& request) {
  std::uint64_t sum = 0;
  for (const otlp::Metric& metric : request.metrics) {
    CHECK(metric.resource < request.resources.size() && metric.scope < request.scopes.size());
    sum += Touch(metric.name) + Touch(metric.description) + Touch(metric.unit);
  }
  for (const otlp::DataPoint& point : request.points) {
    CHECK(point.metric < request.metrics.size());
    sum += WalkAttributes(request, point.attributes);
    for (const otlp::Range range : {point.bounds, point.values}) {
      CHECK(range.begin + range.count <= request.doubles.size());
    }
    for (const otlp::Range range : {point.counts, point.negative_counts}) {
      CHECK(range.begin + range.count <= request.integers.size());
    }
  }
  return sum;
}

inline std::uint64_t WalkRequest(const otlp::Request& request) {
  std::uint64_t sum = 0;
  for (const otlp::Resource& resource : request.resources) {
    sum += Touch(resource.schema_url) + WalkAttributes(request, resource.attributes);
  }
  for (const otlp::Scope& scope : request.scopes) {
    sum += Touch(scope.name) + Touch(scope.version) + Touch(scope.schema_url) +
           WalkAttributes(request, scope.attributes);
  }
  return sum + WalkSpans(request) + WalkLogs(request) + WalkMetrics(request);
}

// Keeps a result alive past the optimiser.
inline void Keep(std::uint64_t sum) {
  [[maybe_unused]] static volatile std::uint64_t sink = 0;
  sink = sum;
}

}  // namespace sightline::fuzz
