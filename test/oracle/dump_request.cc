// SPDX-License-Identifier: Apache-2.0
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "oracle/dump.h"
#include "otlp/request.h"
#include "otlp/value.h"

namespace sightline::oracle {
namespace {

void DumpValue(Dump& dump, const otlp::Value& value) {
  switch (value.kind) {
    case otlp::ValueKind::kNone:
      return dump.Begin("none");
    case otlp::ValueKind::kString:
      return dump.Text("string", value.bytes);
    case otlp::ValueKind::kBool:
      return dump.Signed("bool", value.integer);
    case otlp::ValueKind::kInt:
      return dump.Signed("int", value.integer);
    case otlp::ValueKind::kDouble:
      return dump.Double("double", value.number);
    case otlp::ValueKind::kBytes:
      return dump.Text("bytes", value.bytes);
    case otlp::ValueKind::kArray:
      dump.Begin("array");
      otlp::ForEachElement(value, [&](const otlp::Value& element) { DumpValue(dump, element); });
      return dump.Begin("end");
    case otlp::ValueKind::kMap:
      dump.Begin("map");
      otlp::ForEachEntry(value, [&](std::string_view key, const otlp::Value& entry) {
        dump.Text("key", key);
        DumpValue(dump, entry);
      });
      return dump.Begin("end");
  }
}

void DumpAttributes(Dump& dump, const otlp::Request& request, otlp::Range range) {
  for (const otlp::KeyValue& attribute : request.Attributes(range)) {
    dump.Begin("attribute");
    dump.Text("key", attribute.key);
    DumpValue(dump, attribute.value);
  }
}

void DumpDoubles(Dump& dump, const otlp::Request& request, std::string_view name,
                 otlp::Range range) {
  for (std::uint32_t i = 0; i < range.count; ++i) {
    dump.Double(name, request.doubles[range.begin + i]);
  }
}

void DumpIntegers(Dump& dump, const otlp::Request& request, std::string_view name,
                  otlp::Range range) {
  for (std::uint32_t i = 0; i < range.count; ++i) {
    dump.Number(name, request.integers[range.begin + i]);
  }
}

void DumpSpan(Dump& dump, const otlp::Request& request, const otlp::Span& span) {
  dump.Begin("span");
  dump.Number("resource", span.resource);
  dump.Number("scope", span.scope);
  dump.Text("trace_id", span.trace_id);
  dump.Text("span_id", span.span_id);
  dump.Text("parent", span.parent_span_id);
  dump.Text("state", span.trace_state);
  dump.Text("name", span.name);
  dump.Number("kind", span.kind);
  dump.Number("start", span.start_ns);
  dump.Number("end", span.end_ns);
  dump.Number("dropped", span.dropped_attributes);
  dump.Number("dropped_events", span.dropped_events);
  dump.Number("dropped_links", span.dropped_links);
  dump.Text("message", span.status_message);
  dump.Number("code", span.status_code);
  dump.Number("flags", span.flags);
  DumpAttributes(dump, request, span.attributes);
  for (const otlp::SpanEvent& event : request.Events(span.events)) {
    dump.Begin("event");
    dump.Number("time", event.time_ns);
    dump.Text("name", event.name);
    dump.Number("dropped", event.dropped_attributes);
    DumpAttributes(dump, request, event.attributes);
  }
  for (const otlp::SpanLink& link : request.Links(span.links)) {
    dump.Begin("link");
    dump.Text("trace_id", link.trace_id);
    dump.Text("span_id", link.span_id);
    dump.Text("state", link.trace_state);
    dump.Number("dropped", link.dropped_attributes);
    dump.Number("flags", link.flags);
    DumpAttributes(dump, request, link.attributes);
  }
}

void DumpLog(Dump& dump, const otlp::Request& request, const otlp::LogRecord& log) {
  dump.Begin("log");
  dump.Number("resource", log.resource);
  dump.Number("scope", log.scope);
  dump.Number("time", log.time_ns);
  dump.Number("observed", log.observed_time_ns);
  dump.Number("severity", log.severity_number);
  dump.Text("severity_text", log.severity_text);
  dump.Number("dropped", log.dropped_attributes);
  dump.Number("flags", log.flags);
  dump.Text("trace_id", log.trace_id);
  dump.Text("span_id", log.span_id);
  dump.Text("event_name", log.event_name);
  DumpValue(dump, log.body);
  DumpAttributes(dump, request, log.attributes);
}

void DumpPoint(Dump& dump, const otlp::Request& request, otlp::MetricKind kind,
               const otlp::DataPoint& point) {
  dump.Begin("point");
  dump.Number("start", point.start_ns);
  dump.Number("time", point.time_ns);
  dump.Number("flags", point.flags);
  if (kind == otlp::MetricKind::kGauge || kind == otlp::MetricKind::kSum) {
    dump.Number("is_int", point.is_int ? 1 : 0);
    dump.Signed("integer", point.integer);
  }
  dump.Double("number", point.number);
  dump.Number("count", point.count);
  dump.Number("has",
              (point.has_sum ? 1U : 0U) | (point.has_min ? 2U : 0U) | (point.has_max ? 4U : 0U));
  dump.Double("min", point.min);
  dump.Double("max", point.max);
  DumpDoubles(dump, request, "bound", point.bounds);
  DumpDoubles(dump, request, "value", point.values);
  DumpIntegers(dump, request, "bucket", point.counts);
  DumpIntegers(dump, request, "negative", point.negative_counts);
  dump.Signed("scale", point.scale);
  dump.Signed("positive_offset", point.positive_offset);
  dump.Signed("negative_offset", point.negative_offset);
  dump.Number("zero_count", point.zero_count);
  dump.Double("zero_threshold", point.zero_threshold);
  DumpAttributes(dump, request, point.attributes);
}

// Points come in the order of their metrics.
void DumpMetrics(Dump& dump, const otlp::Request& request) {
  std::size_t next_point = 0;
  for (std::size_t i = 0; i < request.metrics.size(); ++i) {
    const otlp::Metric& metric = request.metrics[i];
    dump.Begin("metric");
    dump.Number("resource", metric.resource);
    dump.Number("scope", metric.scope);
    dump.Text("name", metric.name);
    dump.Text("description", metric.description);
    dump.Text("unit", metric.unit);
    dump.Number("kind", static_cast<std::uint64_t>(metric.kind));
    dump.Number("temporality", metric.temporality);
    dump.Number("monotonic", metric.is_monotonic ? 1 : 0);
    while (next_point < request.points.size() && request.points[next_point].metric == i) {
      DumpPoint(dump, request, metric.kind, request.points[next_point]);
      ++next_point;
    }
  }
  dump.Number("left_over", request.points.size() - next_point);
}

}  // namespace

std::string DumpRequest(const otlp::Request& request) {
  Dump dump;
  for (const otlp::Resource& resource : request.resources) {
    dump.Begin("resource");
    dump.Text("schema", resource.schema_url);
    DumpAttributes(dump, request, resource.attributes);
  }
  for (const otlp::Scope& scope : request.scopes) {
    dump.Begin("scope");
    dump.Text("name", scope.name);
    dump.Text("version", scope.version);
    dump.Text("schema", scope.schema_url);
    DumpAttributes(dump, request, scope.attributes);
  }
  for (const otlp::Span& span : request.spans) {
    DumpSpan(dump, request, span);
  }
  for (const otlp::LogRecord& log : request.logs) {
    DumpLog(dump, request, log);
  }
  DumpMetrics(dump, request);
  return dump.text();
}

}  // namespace sightline::oracle
