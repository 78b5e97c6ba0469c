// SPDX-License-Identifier: Apache-2.0
#include "otlp/encode.h"

#include <bit>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "otlp/message_writer.h"
#include "otlp/request.h"

namespace sightline::otlp {
namespace {

using internal::MessageWriter;

void WriteValue(MessageWriter& message, const AnyData& value);

void WriteNamedValue(MessageWriter& message, const NamedValue& entry) {
  message.PutBytes(1, entry.key);
  message.AddMessage(2, [&](MessageWriter& value) { WriteValue(value, entry.value); });
}

void WriteAttributes(MessageWriter& message, std::uint32_t number,
                     const std::vector<NamedValue>& attributes) {
  for (const NamedValue& attribute : attributes) {
    message.AddMessage(number, [&](MessageWriter& entry) { WriteNamedValue(entry, attribute); });
  }
}

// Writes the one member of an AnyValue that is set.
struct ValueWriter {
  MessageWriter& message;

  void operator()(std::monostate) const {}

  void operator()(const std::string& text) const { message.AddBytes(1, text); }

  void operator()(bool value) const { message.AddBool(2, value); }

  void operator()(std::int64_t value) const { message.AddInt64(3, value); }

  void operator()(double value) const { message.AddDouble(4, value); }

  void operator()(const AnyData::Array& elements) const {
    message.AddMessage(5, [&](MessageWriter& array) {
      for (const AnyData& element : elements) {
        array.AddMessage(1, [&](MessageWriter& value) { WriteValue(value, element); });
      }
    });
  }

  void operator()(const AnyData::Map& entries) const {
    message.AddMessage(6, [&](MessageWriter& map) { WriteAttributes(map, 1, entries); });
  }

  void operator()(const AnyData::Bytes& bytes) const { message.AddBytes(7, bytes.content); }

  void operator()(const AnyData::Encoded& encoded) const { message.AddRaw(encoded.message); }
};

void WriteValue(MessageWriter& message, const AnyData& value) {
  std::visit(ValueWriter{message}, value.state());
}

void WriteItem(MessageWriter& message, const EventData& event) {
  message.PutFixed64(1, event.time_ns);
  message.PutBytes(2, event.name);
  WriteAttributes(message, 3, event.attributes);
  message.PutUint32(4, event.dropped_attributes);
}

void WriteItem(MessageWriter& message, const LinkData& link) {
  message.PutBytes(1, link.trace_id);
  message.PutBytes(2, link.span_id);
  message.PutBytes(3, link.trace_state);
  WriteAttributes(message, 4, link.attributes);
  message.PutUint32(5, link.dropped_attributes);
  message.PutFixed32(6, link.flags);
}

template <typename Item>
void WriteItems(MessageWriter& message, std::uint32_t number, const std::vector<Item>& items) {
  for (const Item& item : items) {
    message.AddMessage(number, [&](MessageWriter& sub_message) { WriteItem(sub_message, item); });
  }
}

void WriteItem(MessageWriter& message, const SpanData& span) {
  message.PutBytes(1, span.trace_id);
  message.PutBytes(2, span.span_id);
  message.PutBytes(3, span.trace_state);
  message.PutBytes(4, span.parent_span_id);
  message.PutBytes(5, span.name);
  message.PutInt32(6, static_cast<std::int32_t>(span.kind));
  message.PutFixed64(7, span.start_ns);
  message.PutFixed64(8, span.end_ns);
  WriteAttributes(message, 9, span.attributes);
  message.PutUint32(10, span.dropped_attributes);
  WriteItems(message, 11, span.events);
  message.PutUint32(12, span.dropped_events);
  WriteItems(message, 13, span.links);
  message.PutUint32(14, span.dropped_links);
  message.PutMessage(15, [&](MessageWriter& status) {
    status.PutBytes(2, span.status_message);
    status.PutInt32(3, static_cast<std::int32_t>(span.status_code));
  });
  message.PutFixed32(16, span.flags);
}

void WriteItem(MessageWriter& message, const LogData& log) {
  message.PutFixed64(1, log.time_ns);
  message.PutInt32(2, static_cast<std::int32_t>(log.severity_number));
  message.PutBytes(3, log.severity_text);
  if (log.body.has_value()) {
    message.AddMessage(5, [&](MessageWriter& body) { WriteValue(body, *log.body); });
  }
  WriteAttributes(message, 6, log.attributes);
  message.PutUint32(7, log.dropped_attributes);
  message.PutFixed32(8, log.flags);
  message.PutBytes(9, log.trace_id);
  message.PutBytes(10, log.span_id);
  message.PutFixed64(11, log.observed_time_ns);
  message.PutBytes(12, log.event_name);
}

void WriteOptional(MessageWriter& message, std::uint32_t number,
                   const std::optional<double>& value) {
  if (value.has_value()) {
    message.AddDouble(number, *value);
  }
}

void WriteNumberPoint(MessageWriter& message, const PointData& point) {
  message.PutFixed64(2, point.start_ns);
  message.PutFixed64(3, point.time_ns);
  if (const double* number = std::get_if<double>(&point.value)) {
    message.AddDouble(4, *number);
  }
  if (const std::int64_t* integer = std::get_if<std::int64_t>(&point.value)) {
    message.AddSfixed64(6, *integer);
  }
  WriteAttributes(message, 7, point.attributes);
  message.PutUint32(8, point.flags);
}

void WriteHistogramPoint(MessageWriter& message, const PointData& point) {
  message.PutFixed64(2, point.start_ns);
  message.PutFixed64(3, point.time_ns);
  message.PutFixed64(4, point.count);
  WriteOptional(message, 5, point.sum);
  message.PutFixed64s(6, point.bucket_counts);
  message.PutDoubles(7, point.bounds);
  WriteAttributes(message, 9, point.attributes);
  message.PutUint32(10, point.flags);
  WriteOptional(message, 11, point.min);
  WriteOptional(message, 12, point.max);
}

void WriteBuckets(MessageWriter& message, std::uint32_t number, const BucketData& buckets) {
  message.PutMessage(number, [&](MessageWriter& sub_message) {
    sub_message.PutSint32(1, buckets.offset);
    sub_message.PutUint64s(2, buckets.counts);
  });
}

void WriteExponentialPoint(MessageWriter& message, const PointData& point) {
  WriteAttributes(message, 1, point.attributes);
  message.PutFixed64(2, point.start_ns);
  message.PutFixed64(3, point.time_ns);
  message.PutFixed64(4, point.count);
  WriteOptional(message, 5, point.sum);
  message.PutSint32(6, point.scale);
  message.PutFixed64(7, point.zero_count);
  WriteBuckets(message, 8, point.positive);
  WriteBuckets(message, 9, point.negative);
  message.PutUint32(10, point.flags);
  WriteOptional(message, 12, point.min);
  WriteOptional(message, 13, point.max);
  if (std::bit_cast<std::uint64_t>(point.zero_threshold) != 0) {  // Negative zero is not default.
    message.AddDouble(14, point.zero_threshold);
  }
}

void WriteSummaryPoint(MessageWriter& message, const PointData& point) {
  message.PutFixed64(2, point.start_ns);
  message.PutFixed64(3, point.time_ns);
  message.PutFixed64(4, point.count);
  WriteOptional(message, 5, point.sum);
  for (const QuantileData& quantile : point.quantiles) {
    message.AddMessage(6, [&](MessageWriter& sub_message) {
      sub_message.AddDouble(1, quantile.quantile);
      sub_message.AddDouble(2, quantile.value);
    });
  }
  WriteAttributes(message, 7, point.attributes);
  message.PutUint32(8, point.flags);
}

void WritePoint(MessageWriter& message, MetricKind kind, const PointData& point) {
  switch (kind) {
    case MetricKind::kNone:
      break;
    case MetricKind::kGauge:
    case MetricKind::kSum:
      WriteNumberPoint(message, point);
      break;
    case MetricKind::kHistogram:
      WriteHistogramPoint(message, point);
      break;
    case MetricKind::kExponentialHistogram:
      WriteExponentialPoint(message, point);
      break;
    case MetricKind::kSummary:
      WriteSummaryPoint(message, point);
      break;
  }
}

// Number of the member of Metric's `data` that holds this kind; 0 for none.
std::uint32_t DataField(MetricKind kind) {
  switch (kind) {
    case MetricKind::kNone:
      return 0;
    case MetricKind::kGauge:
      return 5;
    case MetricKind::kSum:
      return 7;
    case MetricKind::kHistogram:
      return 9;
    case MetricKind::kExponentialHistogram:
      return 10;
    case MetricKind::kSummary:
      return 11;
  }
  return 0;
}

void WriteItem(MessageWriter& message, const MetricData& metric) {
  message.PutBytes(1, metric.name);
  message.PutBytes(2, metric.description);
  message.PutBytes(3, metric.unit);
  if (metric.kind == MetricKind::kNone) {
    return;
  }
  message.AddMessage(DataField(metric.kind), [&](MessageWriter& data) {
    for (const PointData& point : metric.points) {
      data.AddMessage(
          1, [&](MessageWriter& sub_message) { WritePoint(sub_message, metric.kind, point); });
    }
    if (metric.kind != MetricKind::kGauge && metric.kind != MetricKind::kSummary) {
      data.PutInt32(2, static_cast<std::int32_t>(metric.temporality));
    }
    if (metric.kind == MetricKind::kSum && metric.is_monotonic) {
      data.AddBool(3, true);
    }
  });
}

template <typename Item>
void WriteScopeGroup(MessageWriter& message, const ScopeData& scope, std::span<const Item> items) {
  message.PutMessage(1, [&](MessageWriter& sub_message) {
    sub_message.PutBytes(1, scope.name);
    sub_message.PutBytes(2, scope.version);
    WriteAttributes(sub_message, 3, scope.attributes);
  });
  for (const Item& item : items) {
    message.AddMessage(2, [&](MessageWriter& sub_message) { WriteItem(sub_message, item); });
  }
  message.PutBytes(3, scope.schema_url);
}

void WriteResource(MessageWriter& message, const ResourceData& resource) {
  message.PutMessage(
      1, [&](MessageWriter& sub_message) { WriteAttributes(sub_message, 1, resource.attributes); });
  message.PutBytes(3, resource.schema_url);
}

template <typename Item>
std::string EncodeGroups(std::span<const ResourceGroup<Item>> groups) {
  std::string bytes;
  MessageWriter request(bytes);
  for (const ResourceGroup<Item>& group : groups) {
    request.AddMessage(1, [&](MessageWriter& message) {
      WriteResource(message, group.resource);
      for (const ScopeGroup<Item>& scope : group.scopes) {
        message.AddMessage(2, [&](MessageWriter& sub_message) {
          WriteScopeGroup(sub_message, scope.scope, std::span<const Item>(scope.items));
        });
      }
    });
  }
  return bytes;
}

template <typename Item>
std::string EncodeOneGroup(const ResourceData& resource, const ScopeData& scope,
                           std::span<const Item> items) {
  std::string bytes;
  MessageWriter request(bytes);
  request.AddMessage(1, [&](MessageWriter& message) {
    WriteResource(message, resource);
    message.AddMessage(
        2, [&](MessageWriter& sub_message) { WriteScopeGroup(sub_message, scope, items); });
  });
  return bytes;
}

}  // namespace

AnyData::AnyData(const char* text) : state_(std::string(text)) {}

AnyData::AnyData(std::string_view text) : state_(std::string(text)) {}

AnyData::AnyData(std::string text) : state_(std::move(text)) {}

AnyData::AnyData(double value) : state_(value) {}

AnyData::AnyData(Bytes bytes) : state_(std::move(bytes)) {}

AnyData::AnyData(Encoded encoded) : state_(std::move(encoded)) {}

AnyData::AnyData(Array elements) : state_(std::move(elements)) {}

AnyData::AnyData(Map entries) : state_(std::move(entries)) {}

AnyData StringArray(std::span<const std::string> texts) {
  AnyData::Array elements;
  elements.reserve(texts.size());
  for (const std::string& text : texts) {
    elements.emplace_back(text);
  }
  return elements;
}

std::string EncodeTraces(std::span<const ResourceGroup<SpanData>> groups) {
  return EncodeGroups(groups);
}

std::string EncodeLogs(std::span<const ResourceGroup<LogData>> groups) {
  return EncodeGroups(groups);
}

std::string EncodeMetrics(std::span<const ResourceGroup<MetricData>> groups) {
  return EncodeGroups(groups);
}

std::string EncodeTraces(const ResourceData& resource, const ScopeData& scope,
                         std::span<const SpanData> spans) {
  return EncodeOneGroup(resource, scope, spans);
}

std::string EncodeLogs(const ResourceData& resource, const ScopeData& scope,
                       std::span<const LogData> logs) {
  return EncodeOneGroup(resource, scope, logs);
}

std::string EncodeMetrics(const ResourceData& resource, const ScopeData& scope,
                          std::span<const MetricData> metrics) {
  return EncodeOneGroup(resource, scope, metrics);
}

std::string EncodeValue(const AnyData& value) {
  std::string bytes;
  MessageWriter message(bytes);
  WriteValue(message, value);
  return bytes;
}

}  // namespace sightline::otlp
