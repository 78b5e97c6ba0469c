// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <concepts>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "otlp/request.h"

namespace sightline::otlp {

// Plain values that are encoded to OTLP protobuf: for the simulator, the load generator, forwarding
// and tests. They own their texts; nothing is validated. Ids are raw bytes, times nanoseconds since
// the Unix epoch.

struct NamedValue;

// An AnyValue to encode. Converts from the plain types: `{"gen_ai.request.model", "gpt-5"}`.
//
// Thread: value.
class AnyData {
 public:
  using Array = std::vector<AnyData>;
  using Map = std::vector<NamedValue>;

  struct Bytes {
    std::string content;
  };

  // An AnyValue message that is encoded already.
  struct Encoded {
    std::string message;
  };

  using State = std::variant<std::monostate, std::string, bool, std::int64_t, double, Array, Map,
                             Bytes, Encoded>;

  // NOLINTBEGIN(google-explicit-constructor): attribute lists are written as plain literals.
  AnyData() = default;

  AnyData(const char* text);
  AnyData(std::string_view text);
  AnyData(std::string text);
  template <std::same_as<bool> Bool>
  AnyData(Bool value);
  template <std::integral Integer>
    requires(!std::same_as<Integer, bool>)
  AnyData(Integer value);
  AnyData(double value);
  AnyData(Array elements);
  AnyData(Map entries);
  AnyData(Bytes bytes);
  AnyData(Encoded encoded);

  // NOLINTEND(google-explicit-constructor)

  const State& state() const { return state_; }

 private:
  State state_;
};

struct NamedValue {
  std::string key;
  AnyData value;
};

// Not in the class, where the elements of a map are not known yet.
template <std::same_as<bool> Bool>
AnyData::AnyData(Bool value) : state_(value) {}

template <std::integral Integer>
  requires(!std::same_as<Integer, bool>)
AnyData::AnyData(Integer value) : state_(static_cast<std::int64_t>(value)) {}

// An array value of strings.
AnyData StringArray(std::span<const std::string> texts);

struct ResourceData {
  std::vector<NamedValue> attributes;
  std::string schema_url;
};

struct ScopeData {
  std::string name;
  std::string version;
  std::vector<NamedValue> attributes;
  std::string schema_url;
};

struct EventData {
  std::uint64_t time_ns = 0;
  std::string name;
  std::vector<NamedValue> attributes;
  std::uint32_t dropped_attributes = 0;
};

struct LinkData {
  std::string trace_id;
  std::string span_id;
  std::string trace_state;
  std::vector<NamedValue> attributes;
  std::uint32_t dropped_attributes = 0;
  std::uint32_t flags = 0;
};

struct SpanData {
  std::string trace_id;
  std::string span_id;
  std::string parent_span_id;
  std::string trace_state;
  std::string name;
  std::uint32_t kind = 1;  // SPAN_KIND_INTERNAL.
  std::uint64_t start_ns = 0;
  std::uint64_t end_ns = 0;
  std::vector<NamedValue> attributes;
  std::vector<EventData> events;
  std::vector<LinkData> links;
  std::uint32_t status_code = 0;  // 1 ok, 2 error.
  std::string status_message;
  std::uint32_t flags = 0;
  std::uint32_t dropped_attributes = 0;
  std::uint32_t dropped_events = 0;
  std::uint32_t dropped_links = 0;
};

struct LogData {
  std::uint64_t time_ns = 0;
  std::uint64_t observed_time_ns = 0;
  std::uint32_t severity_number = 0;
  std::string severity_text;
  std::optional<AnyData> body;
  std::vector<NamedValue> attributes;
  std::string trace_id;
  std::string span_id;
  std::string event_name;
  std::uint32_t flags = 0;
  std::uint32_t dropped_attributes = 0;
};

struct BucketData {
  std::int32_t offset = 0;
  std::vector<std::uint64_t> counts;
};

struct QuantileData {
  double quantile = 0;
  double value = 0;
};

// One data point; which members are written depends on the metric's kind.
struct PointData {
  std::uint64_t start_ns = 0;
  std::uint64_t time_ns = 0;
  std::vector<NamedValue> attributes;
  std::uint32_t flags = 0;
  std::variant<std::monostate, std::int64_t, double> value;  // Gauge and sum.
  std::uint64_t count = 0;                                   // The others.
  std::optional<double> sum;
  std::optional<double> min;
  std::optional<double> max;
  std::vector<double> bounds;                // Histogram.
  std::vector<std::uint64_t> bucket_counts;  // Histogram.
  std::int32_t scale = 0;                    // Exponential histogram.
  std::uint64_t zero_count = 0;              // Exponential histogram.
  double zero_threshold = 0;                 // Exponential histogram.
  BucketData positive;                       // Exponential histogram.
  BucketData negative;                       // Exponential histogram.
  std::vector<QuantileData> quantiles;       // Summary.
};

struct MetricData {
  std::string name;
  std::string description;
  std::string unit;
  MetricKind kind = MetricKind::kGauge;
  std::uint32_t temporality = 2;  // 1 delta, 2 cumulative; sums and both histograms.
  bool is_monotonic = false;      // Sums.
  std::vector<PointData> points;
};

// Items of one scope; scopes of one resource. Item is SpanData, LogData or MetricData.
template <typename Item>
struct ScopeGroup {
  ScopeData scope;
  std::vector<Item> items;
};

template <typename Item>
struct ResourceGroup {
  ResourceData resource;
  std::vector<ScopeGroup<Item>> scopes;
};

// The bytes of an ExportTraceServiceRequest, ExportLogsServiceRequest or
// ExportMetricsServiceRequest.
std::string EncodeTraces(std::span<const ResourceGroup<SpanData>> groups);
std::string EncodeLogs(std::span<const ResourceGroup<LogData>> groups);
std::string EncodeMetrics(std::span<const ResourceGroup<MetricData>> groups);

// The same for one resource and one scope.
std::string EncodeTraces(const ResourceData& resource, const ScopeData& scope,
                         std::span<const SpanData> spans);
std::string EncodeLogs(const ResourceData& resource, const ScopeData& scope,
                       std::span<const LogData> logs);
std::string EncodeMetrics(const ResourceData& resource, const ScopeData& scope,
                          std::span<const MetricData> metrics);

// The bytes of one AnyValue message.
std::string EncodeValue(const AnyData& value);

}  // namespace sightline::otlp
