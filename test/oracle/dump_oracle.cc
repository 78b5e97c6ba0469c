// SPDX-License-Identifier: Apache-2.0
#include <cstdint>
#include <string>

#include "oracle/dump.h"
#include "otlp_oracle.pb.h"

namespace sightline::oracle {
namespace {

void DumpValue(Dump& dump, const AnyValue& value) {
  switch (value.value_case()) {
    case AnyValue::VALUE_NOT_SET:
      return dump.Begin("none");
    case AnyValue::kStringValue:
      return dump.Text("string", value.string_value());
    case AnyValue::kBoolValue:
      return dump.Signed("bool", value.bool_value() ? 1 : 0);
    case AnyValue::kIntValue:
      return dump.Signed("int", value.int_value());
    case AnyValue::kDoubleValue:
      return dump.Double("double", value.double_value());
    case AnyValue::kBytesValue:
      return dump.Text("bytes", value.bytes_value());
    case AnyValue::kArrayValue:
      dump.Begin("array");
      for (const AnyValue& element : value.array_value().values()) {
        DumpValue(dump, element);
      }
      return dump.Begin("end");
    case AnyValue::kKvlistValue:
      dump.Begin("map");
      for (const KeyValue& entry : value.kvlist_value().values()) {
        dump.Text("key", entry.key());
        DumpValue(dump, entry.value());
      }
      return dump.Begin("end");
  }
}

void DumpAttributes(Dump& dump, const auto& attributes) {
  for (const KeyValue& attribute : attributes) {
    dump.Begin("attribute");
    dump.Text("key", attribute.key());
    DumpValue(dump, attribute.value());
  }
}

// Where an item stands.
struct Place {
  std::uint64_t resource = 0;
  std::uint64_t scope = 0;
};

void DumpItem(Dump& dump, const Span& span, Place place) {
  dump.Begin("span");
  dump.Number("resource", place.resource);
  dump.Number("scope", place.scope);
  dump.Text("trace_id", span.trace_id());
  dump.Text("span_id", span.span_id());
  dump.Text("parent", span.parent_span_id());
  dump.Text("state", span.trace_state());
  dump.Text("name", span.name());
  dump.Number("kind", static_cast<std::uint32_t>(span.kind()));
  dump.Number("start", span.start_time_unix_nano());
  dump.Number("end", span.end_time_unix_nano());
  dump.Number("dropped", span.dropped_attributes_count());
  dump.Number("dropped_events", span.dropped_events_count());
  dump.Number("dropped_links", span.dropped_links_count());
  dump.Text("message", span.status().message());
  dump.Number("code", static_cast<std::uint32_t>(span.status().code()));
  dump.Number("flags", span.flags());
  DumpAttributes(dump, span.attributes());
  for (const Event& event : span.events()) {
    dump.Begin("event");
    dump.Number("time", event.time_unix_nano());
    dump.Text("name", event.name());
    dump.Number("dropped", event.dropped_attributes_count());
    DumpAttributes(dump, event.attributes());
  }
  for (const Link& link : span.links()) {
    dump.Begin("link");
    dump.Text("trace_id", link.trace_id());
    dump.Text("span_id", link.span_id());
    dump.Text("state", link.trace_state());
    dump.Number("dropped", link.dropped_attributes_count());
    dump.Number("flags", link.flags());
    DumpAttributes(dump, link.attributes());
  }
}

void DumpItem(Dump& dump, const LogRecord& log, Place place) {
  dump.Begin("log");
  dump.Number("resource", place.resource);
  dump.Number("scope", place.scope);
  dump.Number("time", log.time_unix_nano());
  dump.Number("observed", log.observed_time_unix_nano());
  dump.Number("severity", static_cast<std::uint32_t>(log.severity_number()));
  dump.Text("severity_text", log.severity_text());
  dump.Number("dropped", log.dropped_attributes_count());
  dump.Number("flags", log.flags());
  dump.Text("trace_id", log.trace_id());
  dump.Text("span_id", log.span_id());
  dump.Text("event_name", log.event_name());
  DumpValue(dump, log.body());
  DumpAttributes(dump, log.attributes());
}

// What a point of one kind lacks is written as zero by these defaults.
struct PointText {
  double number = 0;
  std::uint64_t count = 0;
  std::uint64_t has = 0;
  double min = 0;
  double max = 0;
};

void DumpHead(Dump& dump, const auto& point) {
  dump.Begin("point");
  dump.Number("start", point.start_time_unix_nano());
  dump.Number("time", point.time_unix_nano());
  dump.Number("flags", point.flags());
}

void DumpNumbers(Dump& dump, const PointText& point) {
  dump.Double("number", point.number);
  dump.Number("count", point.count);
  dump.Number("has", point.has);
  dump.Double("min", point.min);
  dump.Double("max", point.max);
}

void DumpExponents(Dump& dump, const ExponentialPoint& point) {
  dump.Signed("scale", point.scale());
  dump.Signed("positive_offset", point.positive().offset());
  dump.Signed("negative_offset", point.negative().offset());
  dump.Number("zero_count", point.zero_count());
  dump.Double("zero_threshold", point.zero_threshold());
}

PointText WithExtremes(const auto& point) {
  return {.number = point.sum(),
          .count = point.count(),
          .has = (point.has_sum() ? 1U : 0U) | (point.has_min() ? 2U : 0U) |
                 (point.has_max() ? 4U : 0U),
          .min = point.min(),
          .max = point.max()};
}

void DumpPoint(Dump& dump, const NumberPoint& point) {
  DumpHead(dump, point);
  dump.Number("is_int", point.has_as_int() ? 1 : 0);
  dump.Signed("integer", point.as_int());
  DumpNumbers(dump, {.number = point.as_double()});
  DumpExponents(dump, {});
  DumpAttributes(dump, point.attributes());
}

void DumpPoint(Dump& dump, const HistogramPoint& point) {
  DumpHead(dump, point);
  DumpNumbers(dump, WithExtremes(point));
  for (const double bound : point.explicit_bounds()) {
    dump.Double("bound", bound);
  }
  for (const std::uint64_t count : point.bucket_counts()) {
    dump.Number("bucket", count);
  }
  DumpExponents(dump, {});
  DumpAttributes(dump, point.attributes());
}

void DumpPoint(Dump& dump, const ExponentialPoint& point) {
  DumpHead(dump, point);
  DumpNumbers(dump, WithExtremes(point));
  for (const std::uint64_t count : point.positive().bucket_counts()) {
    dump.Number("bucket", count);
  }
  for (const std::uint64_t count : point.negative().bucket_counts()) {
    dump.Number("negative", count);
  }
  DumpExponents(dump, point);
  DumpAttributes(dump, point.attributes());
}

void DumpPoint(Dump& dump, const SummaryPoint& point) {
  DumpHead(dump, point);
  DumpNumbers(dump, {.number = point.sum(), .count = point.count(), .has = 1});
  for (const Quantile& quantile : point.quantile_values()) {
    dump.Double("bound", quantile.quantile());
  }
  for (const Quantile& quantile : point.quantile_values()) {
    dump.Double("value", quantile.value());
  }
  DumpExponents(dump, {});
  DumpAttributes(dump, point.attributes());
}

void DumpData(Dump& dump, std::uint64_t kind, int temporality, bool is_monotonic,
              const auto& points) {
  dump.Number("kind", kind);
  dump.Number("temporality", static_cast<std::uint32_t>(temporality));
  dump.Number("monotonic", is_monotonic ? 1 : 0);
  for (const auto& point : points) {
    DumpPoint(dump, point);
  }
}

void DumpItem(Dump& dump, const Metric& metric, Place place) {
  dump.Begin("metric");
  dump.Number("resource", place.resource);
  dump.Number("scope", place.scope);
  dump.Text("name", metric.name());
  dump.Text("description", metric.description());
  dump.Text("unit", metric.unit());
  switch (metric.data_case()) {
    case Metric::DATA_NOT_SET:
      return DumpData(dump, 0, 0, false, Gauge().data_points());
    case Metric::kGauge:
      return DumpData(dump, 1, 0, false, metric.gauge().data_points());
    case Metric::kSum:
      return DumpData(dump, 2, metric.sum().aggregation_temporality(), metric.sum().is_monotonic(),
                      metric.sum().data_points());
    case Metric::kHistogram:
      return DumpData(dump, 3, metric.histogram().aggregation_temporality(), false,
                      metric.histogram().data_points());
    case Metric::kExponentialHistogram:
      return DumpData(dump, 4, metric.exponential_histogram().aggregation_temporality(), false,
                      metric.exponential_histogram().data_points());
    case Metric::kSummary:
      return DumpData(dump, 5, 0, false, metric.summary().data_points());
  }
}

const auto& GroupsOf(const TraceRequest& request) {
  return request.resource_spans();
}

const auto& GroupsOf(const LogsRequest& request) {
  return request.resource_logs();
}

const auto& GroupsOf(const MetricsRequest& request) {
  return request.resource_metrics();
}

const auto& GroupsOf(const ResourceSpans& group) {
  return group.scope_spans();
}

const auto& GroupsOf(const ResourceLogs& group) {
  return group.scope_logs();
}

const auto& GroupsOf(const ResourceMetrics& group) {
  return group.scope_metrics();
}

const auto& ItemsOf(const ScopeSpans& group) {
  return group.spans();
}

const auto& ItemsOf(const ScopeLogs& group) {
  return group.log_records();
}

const auto& ItemsOf(const ScopeMetrics& group) {
  return group.metrics();
}

// Resources, then scopes, then items, as the walker keeps them.
std::string DumpAll(const auto& request) {
  Dump dump;
  for (const auto& group : GroupsOf(request)) {
    dump.Begin("resource");
    dump.Text("schema", group.schema_url());
    DumpAttributes(dump, group.resource().attributes());
  }
  for (const auto& group : GroupsOf(request)) {
    for (const auto& scope_group : GroupsOf(group)) {
      dump.Begin("scope");
      dump.Text("name", scope_group.scope().name());
      dump.Text("version", scope_group.scope().version());
      dump.Text("schema", scope_group.schema_url());
      DumpAttributes(dump, scope_group.scope().attributes());
    }
  }
  Place place;
  for (const auto& group : GroupsOf(request)) {
    for (const auto& scope_group : GroupsOf(group)) {
      for (const auto& item : ItemsOf(scope_group)) {
        DumpItem(dump, item, place);
      }
      ++place.scope;
    }
    ++place.resource;
  }
  dump.Number("left_over", 0);
  return dump.text();
}

}  // namespace

std::string DumpOracle(const TraceRequest& request) {
  return DumpAll(request);
}

std::string DumpOracle(const LogsRequest& request) {
  return DumpAll(request);
}

std::string DumpOracle(const MetricsRequest& request) {
  return DumpAll(request);
}

}  // namespace sightline::oracle
