// SPDX-License-Identifier: Apache-2.0
#include "oracle/plain_data.h"

#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "otlp/encode.h"
#include "otlp/request.h"
#include "otlp_oracle.pb.h"

namespace sightline::oracle {
namespace {

otlp::AnyData ToPlain(const AnyValue& value);

std::vector<otlp::NamedValue> ToPlainAttributes(const auto& attributes) {
  std::vector<otlp::NamedValue> plain;
  for (const KeyValue& attribute : attributes) {
    plain.push_back({attribute.key(), ToPlain(attribute.value())});
  }
  return plain;
}

otlp::AnyData ToPlain(const AnyValue& value) {
  switch (value.value_case()) {
    case AnyValue::VALUE_NOT_SET:
      return {};
    case AnyValue::kStringValue:
      return value.string_value();
    case AnyValue::kBoolValue:
      return value.bool_value();
    case AnyValue::kIntValue:
      return value.int_value();
    case AnyValue::kDoubleValue:
      return value.double_value();
    case AnyValue::kBytesValue:
      return otlp::AnyData::Bytes{value.bytes_value()};
    case AnyValue::kArrayValue: {
      otlp::AnyData::Array elements;
      for (const AnyValue& element : value.array_value().values()) {
        elements.push_back(ToPlain(element));
      }
      return elements;
    }
    case AnyValue::kKvlistValue:
      return ToPlainAttributes(value.kvlist_value().values());
  }
  return {};
}

otlp::SpanData ToPlain(const Span& span) {
  otlp::SpanData plain{.trace_id = span.trace_id(),
                       .span_id = span.span_id(),
                       .parent_span_id = span.parent_span_id(),
                       .trace_state = span.trace_state(),
                       .name = span.name(),
                       .kind = static_cast<std::uint32_t>(span.kind()),
                       .start_ns = span.start_time_unix_nano(),
                       .end_ns = span.end_time_unix_nano(),
                       .attributes = ToPlainAttributes(span.attributes()),
                       .status_code = static_cast<std::uint32_t>(span.status().code()),
                       .status_message = span.status().message(),
                       .flags = span.flags(),
                       .dropped_attributes = span.dropped_attributes_count(),
                       .dropped_events = span.dropped_events_count(),
                       .dropped_links = span.dropped_links_count()};
  for (const Event& event : span.events()) {
    plain.events.push_back({.time_ns = event.time_unix_nano(),
                            .name = event.name(),
                            .attributes = ToPlainAttributes(event.attributes()),
                            .dropped_attributes = event.dropped_attributes_count()});
  }
  for (const Link& link : span.links()) {
    plain.links.push_back({.trace_id = link.trace_id(),
                           .span_id = link.span_id(),
                           .trace_state = link.trace_state(),
                           .attributes = ToPlainAttributes(link.attributes()),
                           .dropped_attributes = link.dropped_attributes_count(),
                           .flags = link.flags()});
  }
  return plain;
}

otlp::LogData ToPlain(const LogRecord& log) {
  otlp::LogData plain{.time_ns = log.time_unix_nano(),
                      .observed_time_ns = log.observed_time_unix_nano(),
                      .severity_number = static_cast<std::uint32_t>(log.severity_number()),
                      .severity_text = log.severity_text(),
                      .attributes = ToPlainAttributes(log.attributes()),
                      .trace_id = log.trace_id(),
                      .span_id = log.span_id(),
                      .event_name = log.event_name(),
                      .flags = log.flags(),
                      .dropped_attributes = log.dropped_attributes_count()};
  if (log.has_body()) {
    plain.body = ToPlain(log.body());
  }
  return plain;
}

// What points of all kinds have.
otlp::PointData PlainHead(const auto& point) {
  return {.start_ns = point.start_time_unix_nano(),
          .time_ns = point.time_unix_nano(),
          .attributes = ToPlainAttributes(point.attributes()),
          .flags = point.flags()};
}

void SetExtremes(const auto& point, otlp::PointData& plain) {
  plain.count = point.count();
  plain.sum = point.has_sum() ? std::optional(point.sum()) : std::nullopt;
  plain.min = point.has_min() ? std::optional(point.min()) : std::nullopt;
  plain.max = point.has_max() ? std::optional(point.max()) : std::nullopt;
}

otlp::PointData ToPlain(const NumberPoint& point) {
  otlp::PointData plain = PlainHead(point);
  if (point.has_as_int()) {
    plain.value = point.as_int();
  } else if (point.has_as_double()) {
    plain.value = point.as_double();
  }
  return plain;
}

otlp::PointData ToPlain(const HistogramPoint& point) {
  otlp::PointData plain = PlainHead(point);
  SetExtremes(point, plain);
  plain.bounds.assign(point.explicit_bounds().begin(), point.explicit_bounds().end());
  plain.bucket_counts.assign(point.bucket_counts().begin(), point.bucket_counts().end());
  return plain;
}

otlp::BucketData ToPlain(const Buckets& buckets) {
  return {.offset = buckets.offset(),
          .counts = {buckets.bucket_counts().begin(), buckets.bucket_counts().end()}};
}

otlp::PointData ToPlain(const ExponentialPoint& point) {
  otlp::PointData plain = PlainHead(point);
  SetExtremes(point, plain);
  plain.scale = point.scale();
  plain.zero_count = point.zero_count();
  plain.zero_threshold = point.zero_threshold();
  plain.positive = ToPlain(point.positive());
  plain.negative = ToPlain(point.negative());
  return plain;
}

otlp::PointData ToPlain(const SummaryPoint& point) {
  otlp::PointData plain = PlainHead(point);
  plain.count = point.count();
  plain.sum = point.sum();
  for (const Quantile& quantile : point.quantile_values()) {
    plain.quantiles.push_back({.quantile = quantile.quantile(), .value = quantile.value()});
  }
  return plain;
}

void SetData(otlp::MetricKind kind, int temporality, const auto& points, otlp::MetricData& plain) {
  plain.kind = kind;
  plain.temporality = static_cast<std::uint32_t>(temporality);
  for (const auto& point : points) {
    plain.points.push_back(ToPlain(point));
  }
}

otlp::MetricData ToPlain(const Metric& metric) {
  using otlp::MetricKind;
  otlp::MetricData plain{.name = metric.name(),
                         .description = metric.description(),
                         .unit = metric.unit(),
                         .kind = MetricKind::kNone};
  switch (metric.data_case()) {
    case Metric::DATA_NOT_SET:
      break;
    case Metric::kGauge:
      SetData(MetricKind::kGauge, 0, metric.gauge().data_points(), plain);
      break;
    case Metric::kSum:
      SetData(MetricKind::kSum, metric.sum().aggregation_temporality(), metric.sum().data_points(),
              plain);
      plain.is_monotonic = metric.sum().is_monotonic();
      break;
    case Metric::kHistogram:
      SetData(MetricKind::kHistogram, metric.histogram().aggregation_temporality(),
              metric.histogram().data_points(), plain);
      break;
    case Metric::kExponentialHistogram:
      SetData(MetricKind::kExponentialHistogram,
              metric.exponential_histogram().aggregation_temporality(),
              metric.exponential_histogram().data_points(), plain);
      break;
    case Metric::kSummary:
      SetData(MetricKind::kSummary, 0, metric.summary().data_points(), plain);
      break;
  }
  return plain;
}

template <typename Item>
otlp::ScopeGroup<Item> PlainScope(const auto& group, const auto& items) {
  otlp::ScopeGroup<Item> plain{
      .scope = {.name = group.scope().name(),
                .version = group.scope().version(),
                .attributes = ToPlainAttributes(group.scope().attributes()),
                .schema_url = group.schema_url()}};
  for (const auto& item : items) {
    plain.items.push_back(ToPlain(item));
  }
  return plain;
}

template <typename Item>
otlp::ResourceGroup<Item> PlainResource(const auto& group) {
  return {.resource = {.attributes = ToPlainAttributes(group.resource().attributes()),
                       .schema_url = group.schema_url()}};
}

}  // namespace

std::vector<otlp::ResourceGroup<otlp::SpanData>> ToPlainData(const TraceRequest& request) {
  std::vector<otlp::ResourceGroup<otlp::SpanData>> groups;
  for (const ResourceSpans& group : request.resource_spans()) {
    groups.push_back(PlainResource<otlp::SpanData>(group));
    for (const ScopeSpans& scope : group.scope_spans()) {
      groups.back().scopes.push_back(PlainScope<otlp::SpanData>(scope, scope.spans()));
    }
  }
  return groups;
}

std::vector<otlp::ResourceGroup<otlp::LogData>> ToPlainData(const LogsRequest& request) {
  std::vector<otlp::ResourceGroup<otlp::LogData>> groups;
  for (const ResourceLogs& group : request.resource_logs()) {
    groups.push_back(PlainResource<otlp::LogData>(group));
    for (const ScopeLogs& scope : group.scope_logs()) {
      groups.back().scopes.push_back(PlainScope<otlp::LogData>(scope, scope.log_records()));
    }
  }
  return groups;
}

std::vector<otlp::ResourceGroup<otlp::MetricData>> ToPlainData(const MetricsRequest& request) {
  std::vector<otlp::ResourceGroup<otlp::MetricData>> groups;
  for (const ResourceMetrics& group : request.resource_metrics()) {
    groups.push_back(PlainResource<otlp::MetricData>(group));
    for (const ScopeMetrics& scope : group.scope_metrics()) {
      groups.back().scopes.push_back(PlainScope<otlp::MetricData>(scope, scope.metrics()));
    }
  }
  return groups;
}

}  // namespace sightline::oracle
