// SPDX-License-Identifier: Apache-2.0
#include "otlp/encode.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "otlp/decode.h"
#include "otlp/request.h"
#include "otlp/value.h"

namespace sightline::otlp {
namespace {

TEST(EncodeTest, SpanComesBackFieldByField) {
  const SpanData span{
      .trace_id = "0123456789abcdef",
      .span_id = "01234567",
      .parent_span_id = "76543210",
      .trace_state = "vendor=1",
      .name = "chat",
      .kind = 3,
      .start_ns = 1'700'000'000'000'000'000,
      .end_ns = 1'700'000'000'500'000'000,
      .attributes = {{"model", "gpt-5"},
                     {"stream", true},
                     {"tokens", 12},
                     {"temperature", 0.5},
                     {"tags", StringArray(std::vector<std::string>{"a", "b"})},
                     {"raw", AnyData::Bytes{std::string("\0\1", 2)}},
                     {"none", AnyData()}},
      .events = {{.time_ns = 5, .name = "first_token", .attributes = {{"n", 1}}}},
      .links = {{.trace_id = "fedcba9876543210", .span_id = "abcdefgh", .flags = 1}},
      .status_code = 2,
      .status_message = "rate limited",
      .flags = 0x301,
      .dropped_attributes = 1,
      .dropped_events = 2,
      .dropped_links = 3};
  const std::string body =
      EncodeTraces({.attributes = {{"service.name", "svc"}}, .schema_url = "r"},
                   {.name = "lib", .version = "1.2", .schema_url = "s"}, std::vector{span});
  Request request;
  ASSERT_TRUE(Decode(Signal::kTraces, body, request).has_value());
  ASSERT_EQ(request.spans.size(), 1U);
  const Span& found = request.spans[0];
  EXPECT_EQ(found.trace_id, span.trace_id);
  EXPECT_EQ(found.span_id, span.span_id);
  EXPECT_EQ(found.parent_span_id, span.parent_span_id);
  EXPECT_EQ(found.trace_state, span.trace_state);
  EXPECT_EQ(found.name, span.name);
  EXPECT_EQ(found.kind, span.kind);
  EXPECT_EQ(found.start_ns, span.start_ns);
  EXPECT_EQ(found.end_ns, span.end_ns);
  EXPECT_EQ(found.status_code, 2U);
  EXPECT_EQ(found.status_message, "rate limited");
  EXPECT_EQ(found.flags, 0x301U);
  EXPECT_EQ(found.dropped_attributes, 1U);
  EXPECT_EQ(found.dropped_events, 2U);
  EXPECT_EQ(found.dropped_links, 3U);
  const auto attributes = request.Attributes(found.attributes);
  ASSERT_EQ(attributes.size(), 7U);
  EXPECT_EQ(attributes[0].value.bytes, "gpt-5");
  EXPECT_EQ(attributes[1].value.kind, ValueKind::kBool);
  EXPECT_EQ(attributes[1].value.integer, 1);
  EXPECT_EQ(attributes[2].value.integer, 12);
  EXPECT_EQ(attributes[3].value.number, 0.5);
  std::string joined;
  ForEachElement(attributes[4].value, [&](const Value& element) { joined.append(element.bytes); });
  EXPECT_EQ(joined, "ab");
  EXPECT_EQ(attributes[5].value.bytes, std::string_view("\0\1", 2));
  EXPECT_EQ(attributes[6].value.kind, ValueKind::kNone);
  EXPECT_EQ(request.Events(found.events)[0].name, "first_token");
  EXPECT_EQ(request.Links(found.links)[0].span_id, "abcdefgh");
}

TEST(EncodeTest, LogBodyMayBeStructuredOrAbsent) {
  const std::vector<LogData> logs{{.body = AnyData::Map{{"k", "v"}}, .event_name = "e"}, {}};
  const std::string body = EncodeLogs({}, {.name = "lib"}, logs);
  Request request;
  ASSERT_TRUE(Decode(Signal::kLogs, body, request).has_value());
  ASSERT_EQ(request.logs.size(), 2U);
  EXPECT_EQ(request.logs[0].body.kind, ValueKind::kMap);
  EXPECT_EQ(request.logs[0].event_name, "e");
  EXPECT_EQ(request.logs[1].body.kind, ValueKind::kNone);
}

TEST(EncodeTest, PointsOfEveryMetricKindComeBack) {
  const std::vector<MetricData> metrics{
      {.name = "g", .kind = MetricKind::kGauge, .points = {{.value = 2.5}}},
      {.name = "s",
       .kind = MetricKind::kSum,
       .temporality = 1,
       .is_monotonic = true,
       .points = {{.value = std::int64_t{-7}}}},
      {.name = "h",
       .kind = MetricKind::kHistogram,
       .points = {{.count = 3, .sum = 4.5, .bounds = {1, 2}, .bucket_counts = {1, 0, 2}}}},
      {.name = "e",
       .kind = MetricKind::kExponentialHistogram,
       .points = {{.count = 9, .scale = -2, .positive = {.offset = -3, .counts = {1, 200}}}}},
      {.name = "q",
       .kind = MetricKind::kSummary,
       .points = {{.count = 2, .sum = 3, .quantiles = {{0.5, 1}, {0.9, 2}}}}}};
  const std::string body = EncodeMetrics({}, {}, metrics);
  Request request;
  ASSERT_TRUE(Decode(Signal::kMetrics, body, request).has_value());
  ASSERT_EQ(request.points.size(), 5U);
  EXPECT_EQ(request.points[0].number, 2.5);
  EXPECT_TRUE(request.points[1].is_int);
  EXPECT_EQ(request.points[1].integer, -7);
  EXPECT_EQ(request.metrics[1].temporality, 1U);
  EXPECT_TRUE(request.metrics[1].is_monotonic);
  EXPECT_TRUE(request.points[2].has_sum);
  EXPECT_FALSE(request.points[2].has_min);
  EXPECT_EQ(request.points[2].bounds.count, 2U);
  EXPECT_EQ(request.points[2].counts.count, 3U);
  EXPECT_EQ(request.points[3].scale, -2);
  EXPECT_EQ(request.points[3].positive_offset, -3);
  EXPECT_EQ(request.integers[request.points[3].counts.begin + 1], 200U);
  EXPECT_EQ(request.doubles[request.points[4].values.begin + 1], 2.0);
}

}  // namespace
}  // namespace sightline::otlp
