// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace sightline::otlp {

// A decoded OTLP export request: views into the request's protobuf bytes, which must outlive it.
// Nothing is validated here beyond the wire format: ids may have any length, texts any bytes.
// Variable-length parts lie in shared pools of the Request, so that a request of many spans needs a
// handful of allocations; a Range is a slice of such a pool.

// What an AnyValue holds.
enum class ValueKind : std::uint8_t {
  kNone,  // Unset: legal, means null.
  kString,
  kBool,
  kInt,
  kDouble,
  kArray,  // `bytes` is the raw ArrayValue message; see otlp/value.h for walking it.
  kMap,    // `bytes` is the raw KeyValueList message.
  kBytes,
};

struct Value {
  ValueKind kind = ValueKind::kNone;
  std::string_view bytes;    // kString, kBytes: the content. kArray, kMap: raw protobuf message.
  std::int64_t integer = 0;  // kInt; kBool as 0 or 1.
  double number = 0;         // kDouble.
};

struct KeyValue {
  std::string_view key;
  Value value;
};

struct Range {
  std::uint32_t begin = 0;
  std::uint32_t count = 0;
};

struct Resource {
  Range attributes;
  std::string_view schema_url;
};

struct Scope {
  std::string_view name;
  std::string_view version;
  Range attributes;
  std::string_view schema_url;
};

struct SpanEvent {
  std::uint64_t time_ns = 0;
  std::string_view name;
  Range attributes;
  std::uint32_t dropped_attributes = 0;
};

struct SpanLink {
  std::string_view trace_id;
  std::string_view span_id;
  std::string_view trace_state;
  Range attributes;
  std::uint32_t dropped_attributes = 0;
  std::uint32_t flags = 0;
};

struct Span {
  std::string_view trace_id;
  std::string_view span_id;
  std::string_view parent_span_id;
  std::string_view trace_state;
  std::string_view name;
  std::uint32_t kind = 0;
  std::uint64_t start_ns = 0;
  std::uint64_t end_ns = 0;
  Range attributes;
  Range events;
  Range links;
  std::uint32_t dropped_attributes = 0;
  std::uint32_t dropped_events = 0;
  std::uint32_t dropped_links = 0;
  std::string_view status_message;
  std::uint32_t status_code = 0;
  std::uint32_t flags = 0;
  std::uint32_t resource = 0;  // Index into Request::resources.
  std::uint32_t scope = 0;     // Index into Request::scopes.
};

struct LogRecord {
  std::uint64_t time_ns = 0;
  std::uint64_t observed_time_ns = 0;
  std::uint32_t severity_number = 0;
  std::string_view severity_text;
  Value body;
  Range attributes;
  std::uint32_t dropped_attributes = 0;
  std::uint32_t flags = 0;
  std::string_view trace_id;
  std::string_view span_id;
  std::string_view event_name;
  std::uint32_t resource = 0;
  std::uint32_t scope = 0;
};

enum class MetricKind : std::uint8_t {
  kNone,  // No data, or a data type that is not known.
  kGauge,
  kSum,
  kHistogram,
  kExponentialHistogram,
  kSummary,
};

struct Metric {
  std::string_view name;
  std::string_view description;
  std::string_view unit;
  MetricKind kind = MetricKind::kNone;
  std::uint32_t temporality = 0;  // 1 delta, 2 cumulative.
  bool is_monotonic = false;
  std::uint32_t resource = 0;
  std::uint32_t scope = 0;
};

struct DataPoint {
  std::uint32_t metric = 0;  // Index into Request::metrics.
  std::uint64_t start_ns = 0;
  std::uint64_t time_ns = 0;
  Range attributes;
  std::uint32_t flags = 0;  // Bit 0: no recorded value.
  bool is_int = false;      // Numbers: which of the two below holds the value.
  std::int64_t integer = 0;
  double number = 0;  // Numbers: the value. Histograms and summaries: the sum.
  std::uint64_t count = 0;
  bool has_sum = false;
  bool has_min = false;
  bool has_max = false;
  double min = 0;
  double max = 0;
  // Histogram: explicit bounds and bucket counts. Exponential: offset and counts, by sign.
  // Summary: quantile values (bounds = quantiles, values = values).
  Range bounds;           // In Request::doubles.
  Range values;           // In Request::doubles.
  Range counts;           // In Request::integers.
  Range negative_counts;  // In Request::integers.
  std::int32_t scale = 0;
  std::int32_t positive_offset = 0;
  std::int32_t negative_offset = 0;
  std::uint64_t zero_count = 0;
  double zero_threshold = 0;
};

// Thread: value. Reuse one Request for many bodies to keep its memory: Clear() keeps capacity.
struct Request {
  std::vector<Resource> resources;
  std::vector<Scope> scopes;
  std::vector<Span> spans;
  std::vector<LogRecord> logs;
  std::vector<Metric> metrics;
  std::vector<DataPoint> points;

  // Pools that Ranges point into.
  std::vector<KeyValue> attributes;
  std::vector<SpanEvent> events;
  std::vector<SpanLink> links;
  std::vector<double> doubles;
  std::vector<std::uint64_t> integers;

  std::span<const KeyValue> Attributes(Range range) const {
    return std::span(attributes).subspan(range.begin, range.count);
  }

  std::span<const SpanEvent> Events(Range range) const {
    return std::span(events).subspan(range.begin, range.count);
  }

  std::span<const SpanLink> Links(Range range) const {
    return std::span(links).subspan(range.begin, range.count);
  }

  void Clear() {
    resources.clear();
    scopes.clear();
    spans.clear();
    logs.clear();
    metrics.clear();
    points.clear();
    attributes.clear();
    events.clear();
    links.clear();
    doubles.clear();
    integers.clear();
  }
};

}  // namespace sightline::otlp
