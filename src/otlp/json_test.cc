// SPDX-License-Identifier: Apache-2.0
#include "otlp/json.h"

#include <cmath>
#include <cstdint>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include "base/error.h"
#include "otlp/decode.h"
#include "otlp/request.h"
#include "otlp/value.h"
#include "otlp/value_json.h"

namespace sightline::otlp {
namespace {

using std::string_literals::operator""s;

// A decoded JSON request together with the bytes it points into.
struct Decoded {
  std::string bytes;
  Request request;
};

Decoded DecodeJson(Signal signal, std::string_view json) {
  Decoded decoded;
  auto bytes = JsonToProtobuf(signal, json);
  EXPECT_TRUE(bytes.has_value()) << bytes.error().message();
  if (bytes.has_value()) {
    decoded.bytes = *std::move(bytes);
    EXPECT_TRUE(Decode(signal, decoded.bytes, decoded.request).has_value());
  }
  return decoded;
}

std::string SpanJson(std::string_view members) {
  return R"({"resourceSpans":[{"scopeSpans":[{"spans":[{)" + std::string(members) + "}]}]}]}";
}

TEST(JsonTest, ReadsARequestAsSentByAClient) {
  const Decoded decoded = DecodeJson(Signal::kTraces, R"({
    "resourceSpans": [{
      "resource": {"attributes": [{"key": "service.name", "value": {"stringValue": "svc"}}],
                   "droppedAttributesCount": 0},
      "scopeSpans": [{
        "scope": {"name": "lib", "version": "1.0", "attributes": []},
        "spans": [{
          "traceId": "5B8EFFF798038103D269B633813FC60C", "spanId": "eee19b7ec3c1b174",
          "parentSpanId": "", "name": "gr\u00fc\u00df \"x\"", "kind": 3,
          "startTimeUnixNano": "1544712660000000000", "endTimeUnixNano": 1544712661000000000,
          "attributes": [{"key": "n", "value": {"intValue": "12"}},
                         {"key": "d", "value": {"doubleValue": 0.5}},
                         {"key": "b", "value": {"boolValue": false}},
                         {"key": "y", "value": {"bytesValue": "AP8Q"}},
                         {"key": "none", "value": {}},
                         {"key": "l", "value": {"arrayValue": {"values": [{"stringValue": "a"},
                                                                         {"intValue": 7}]}}},
                         {"key": "m", "value": {"kvlistValue": {"values": [
                            {"key": "k", "value": {"stringValue": "v"}}]}}}],
          "droppedAttributesCount": 1,
          "events": [{"timeUnixNano": "5", "name": "e", "attributes": []}],
          "links": [{"traceId": "00000000000000000000000000000001", "spanId": "0000000000000001"}],
          "status": {"code": 2, "message": "boom"}, "flags": 257, "futureField": {"a": [1, {}]}
        }]
      }],
      "schemaUrl": "u"
    }]
  })");
  const Request& request = decoded.request;
  ASSERT_EQ(request.spans.size(), 1U);
  const Span& span = request.spans[0];
  EXPECT_EQ(span.trace_id, "\x5b\x8e\xff\xf7\x98\x03\x81\x03\xd2\x69\xb6\x33\x81\x3f\xc6\x0c"s);
  EXPECT_EQ(span.span_id, "\xee\xe1\x9b\x7e\xc3\xc1\xb1\x74"s);
  EXPECT_EQ(span.parent_span_id, "");
  EXPECT_EQ(span.name, "gr\xC3\xBC\xC3\x9F \"x\"");
  EXPECT_EQ(span.kind, 3U);
  EXPECT_EQ(span.start_ns, 1544712660000000000U);
  EXPECT_EQ(span.end_ns, 1544712661000000000U);
  EXPECT_EQ(span.status_code, 2U);
  EXPECT_EQ(span.status_message, "boom");
  EXPECT_EQ(span.flags, 257U);
  std::string json;
  JsonMarks marks;
  AppendJsonObject(request.Attributes(span.attributes), json, marks);
  EXPECT_EQ(json, R"({"n":12,"d":0.5,"b":false,"y":{"$bytes":"AP8Q"},"none":null,"l":["a",7],)"
                  R"("m":{"k":"v"}})");
  EXPECT_EQ(request.Events(span.events)[0].name, "e");
  EXPECT_EQ(request.Links(span.links)[0].span_id, "\0\0\0\0\0\0\0\1"s);
  EXPECT_EQ(request.resources[0].schema_url, "u");
  EXPECT_EQ(request.scopes[0].name, "lib");
}

struct KindCase {
  const char* name;
  std::string_view json;
  std::uint32_t kind;
};

class EnumTest : public testing::TestWithParam<KindCase> {};

TEST_P(EnumTest, IsRead) {
  const Decoded decoded =
      DecodeJson(Signal::kTraces, SpanJson("\"kind\":" + std::string(GetParam().json)));
  EXPECT_EQ(decoded.request.spans.at(0).kind, GetParam().kind);
}

INSTANTIATE_TEST_SUITE_P(Kinds, EnumTest,
                         testing::Values(KindCase{"Number", "3", 3},
                                         KindCase{"NumberText", "\"4\"", 4},
                                         KindCase{"UnknownNumber", "77", 77},
                                         KindCase{"FullName", "\"SPAN_KIND_SERVER\"", 2},
                                         KindCase{"ShortName", "\"CLIENT\"", 3},
                                         KindCase{"LowerCaseName", "\"producer\"", 4},
                                         KindCase{"UnknownName", "\"SPAN_KIND_WHATEVER\"", 0},
                                         KindCase{"Null", "null", 0}),
                         [](const auto& test) { return test.param.name; });

struct IdCase {
  const char* name;
  std::string json;
  std::string id;
};

class IdTest : public testing::TestWithParam<IdCase> {};

TEST_P(IdTest, PassesOn) {
  const Decoded decoded =
      DecodeJson(Signal::kTraces, SpanJson("\"spanId\":\"" + GetParam().json + "\""));
  EXPECT_EQ(decoded.request.spans.at(0).span_id, GetParam().id);
}

INSTANTIATE_TEST_SUITE_P(
    Ids, IdTest,
    testing::Values(IdCase{"LowerCase", "00000000000000ab", "\0\0\0\0\0\0\0\xab"s},
                    IdCase{"MixedCase", "00000000000000aB", "\0\0\0\0\0\0\0\xab"s},
                    IdCase{"Empty", "", ""}, IdCase{"TooShort", "abcd", "\xab\xcd"},
                    IdCase{"OddNumberOfDigits", "abc", "abc"},
                    IdCase{"Base64", "7uGbfsPBsXQ=", "\xee\xe1\x9b\x7e\xc3\xc1\xb1\x74"s},
                    IdCase{"NotBase64", "7uGbf*PBsXQ=", "7uGbf*PBsXQ="},
                    IdCase{"EightLetters", "not hex!", "not hex!?"},
                    IdCase{"SixteenLetters", "not-hex-not-hex!", "not-hex-not-hex!?"}),
    [](const auto& test) { return test.param.name; });

struct AttributeCase {
  const char* name;
  std::string_view json;
  std::string_view expected;
};

class AttributeTest : public testing::TestWithParam<AttributeCase> {};

TEST_P(AttributeTest, IsRead) {
  const Decoded decoded = DecodeJson(
      Signal::kTraces,
      SpanJson(R"("attributes":[{"key":"k","value":)" + std::string(GetParam().json) + "}]"));
  std::string json;
  JsonMarks marks;
  AppendJson(decoded.request.attributes.at(0).value, json, marks);
  EXPECT_EQ(json, GetParam().expected);
}

INSTANTIATE_TEST_SUITE_P(
    Values, AttributeTest,
    testing::Values(
        AttributeCase{"IntText", R"({"intValue":"-9223372036854775808"})", "-9223372036854775808"},
        AttributeCase{"IntNumber", R"({"intValue":42})", "42"},
        AttributeCase{"IntAsWholeDouble", R"({"intValue":1e3})", "1000"},
        AttributeCase{"IntThatIsNone", R"({"intValue":1.5})", "1.5"},
        AttributeCase{"IntBeyond64Bits", R"({"intValue":100000000000000000000})", "1e+20"},
        AttributeCase{"IntTextBeyond64Bits", R"({"intValue":"100000000000000000000"})", "1e+20"},
        AttributeCase{"DoubleWithoutPoint", R"({"doubleValue":3})", "3.0"},
        AttributeCase{"DoubleText", R"({"doubleValue":"2.5"})", "2.5"},
        AttributeCase{"NotANumber", R"({"doubleValue":"NaN"})", R"({"$double":"NaN"})"},
        AttributeCase{"Infinity", R"({"doubleValue":"Infinity"})", R"({"$double":"Infinity"})"},
        AttributeCase{"NegativeInfinity", R"({"doubleValue":"-Infinity"})",
                      R"({"$double":"-Infinity"})"},
        AttributeCase{"UrlSafeBase64", R"({"bytesValue":"_-8"})", R"({"$bytes":"/+8="})"},
        AttributeCase{"EmptyText", R"({"stringValue":""})", "\"\""},
        AttributeCase{"NullText", R"({"stringValue":null})", "null"},
        AttributeCase{"EmptyArray", R"({"arrayValue":{}})", "[]"},
        AttributeCase{"ArrayWithNull", R"({"arrayValue":{"values":[null,{"intValue":1}]}})",
                      "[null,1]"},
        AttributeCase{"EmptyMap", R"({"kvlistValue":{"values":[]}})", "{}"},
        AttributeCase{"SnakeCase", R"({"string_value":"x"})", "\"x\""},
        AttributeCase{"OtherWordIsUnknown", R"({"string_values":"x"})", "null"},
        AttributeCase{"EscapedKey", R"({"string\u0056alue":"x"})", "\"x\""},
        AttributeCase{"EscapedSlashAndQuote", R"({"stringValue":"a\/\"\\\b\f\n\r\t"})",
                      R"("a/\"\\\b\f\n\r\t")"},
        AttributeCase{"LoneSurrogate", R"({"stringValue":"x\ud83d"})", "\"x\xEF\xBF\xBD\""}),
    [](const auto& test) { return test.param.name; });

struct BadCase {
  const char* name;
  std::string json;
};

class BadRequestTest : public testing::TestWithParam<BadCase> {};

TEST_P(BadRequestTest, IsRefused) {
  const auto bytes = JsonToProtobuf(Signal::kTraces, GetParam().json);
  ASSERT_FALSE(bytes.has_value());
  EXPECT_EQ(bytes.error().code(), base::Code::kInvalidArgument);
}

INSTANTIATE_TEST_SUITE_P(
    Requests, BadRequestTest,
    testing::Values(
        BadCase{"Empty", ""}, BadCase{"NotJson", "hello"}, BadCase{"Array", "[]"},
        BadCase{"Null", "null"}, BadCase{"Cut", R"({"resourceSpans":[)"},
        BadCase{"TextBehind", "{} {}"}, BadCase{"GroupsNotAList", R"({"resourceSpans":{}})"},
        BadCase{"GroupIsANumber", R"({"resourceSpans":[1]})"},
        BadCase{"NameIsANumber", SpanJson("\"name\":5")},
        BadCase{"TimeIsNegative", SpanJson("\"startTimeUnixNano\":\"-1\"")},
        BadCase{"TimeIsText", SpanJson("\"startTimeUnixNano\":\"now\"")},
        BadCase{"TimeIsEmpty", SpanJson("\"startTimeUnixNano\":\"\"")},
        BadCase{"CountTooLarge", SpanJson("\"droppedLinksCount\":4294967296")},
        BadCase{"BoolIsText", SpanJson(R"("attributes":[{"value":{"boolValue":"yes"}}])")},
        BadCase{"BytesNotBase64", SpanJson(R"("attributes":[{"value":{"bytesValue":"*"}}])")},
        BadCase{"MissingComma", SpanJson("\"name\":\"a\" \"kind\":1")}),
    [](const auto& test) { return test.param.name; });

TEST(JsonTest, EmptyRequestIsFine) {
  EXPECT_EQ(JsonToProtobuf(Signal::kTraces, "{}").value(), "");
  EXPECT_EQ(JsonToProtobuf(Signal::kLogs, " {\"resourceLogs\": null} ").value(), "");
}

TEST(JsonTest, InvalidUtf8IsRepairedAndReported) {
  JsonNotes notes;
  const std::string bytes =
      JsonToProtobuf(Signal::kTraces, SpanJson("\"name\":\"a\xFF\""), &notes).value();
  EXPECT_TRUE(notes.is_repaired);
  EXPECT_NE(bytes.find("a\xEF\xBF\xBD"), std::string::npos);
}

// The same span in the spellings that other encoders give the keys.
TEST(JsonTest, ReadsKeysInOtherSpellings) {
  constexpr std::string_view kBodies[] = {
      // protobuf's JSON with preserved names, ids in hex.
      R"({"resource_spans":[{"resource":{"attributes":[{"key":"service.name","value":
          {"string_value":"svc"}}]},"scope_spans":[{"scope":{"name":"x"},"spans":[{
          "trace_id":"7409b2e0caa2fe6c1210a2cdfba027d0","span_id":"b8f56e9c0dd90483","name":"n",
          "kind":1,"start_time_unix_nano":"5","end_time_unix_nano":"6","attributes":[{"key":"a",
          "value":{"string_value":"b"}}],"dropped_attributes_count":2}]}]}]})",
      // The same with ids as protobuf writes bytes.
      R"({"resource_spans":[{"resource":{"attributes":[{"key":"service.name","value":
          {"string_value":"svc"}}]},"scope_spans":[{"scope":{"name":"x"},"spans":[{
          "trace_id":"dAmy4Mqi/mwSEKLN+6An0A==","span_id":"uPVunA3ZBIM=","name":"n",
          "kind":"SPAN_KIND_INTERNAL","start_time_unix_nano":"5","end_time_unix_nano":"6",
          "attributes":[{"key":"a","value":{"string_value":"b"}}],
          "dropped_attributes_count":2}]}]}]})",
      // Field names of a compiled language.
      R"({"ResourceSpans":[{"Resource":{"Attributes":[{"Key":"service.name","Value":
          {"StringValue":"svc"}}]},"ScopeSpans":[{"Scope":{"Name":"x"},"Spans":[{
          "TraceId":"7409b2e0caa2fe6c1210a2cdfba027d0","SpanId":"b8f56e9c0dd90483","Name":"n",
          "Kind":1,"StartTimeUnixNano":5,"EndTimeUnixNano":6,"Attributes":[{"Key":"a",
          "Value":{"StringValue":"b"}}],"DroppedAttributesCount":2}]}]}]})",
      // Before OTLP 0.15.
      R"({"resourceSpans":[{"resource":{"attributes":[{"key":"service.name","value":
          {"stringValue":"svc"}}]},"instrumentationLibrarySpans":[{"instrumentationLibrary":
          {"name":"x"},"spans":[{"traceId":"7409b2e0caa2fe6c1210a2cdfba027d0",
          "spanId":"b8f56e9c0dd90483","name":"n","kind":1,"startTimeUnixNano":"5",
          "endTimeUnixNano":"6","attributes":[{"key":"a","value":{"stringValue":"b"}}],
          "droppedAttributesCount":2}]}]}]})",
  };
  for (const std::string_view body : kBodies) {
    const Decoded decoded = DecodeJson(Signal::kTraces, body);
    const Request& request = decoded.request;
    ASSERT_EQ(request.spans.size(), 1U) << body;
    const Span& span = request.spans[0];
    EXPECT_EQ(span.trace_id, "\x74\x09\xb2\xe0\xca\xa2\xfe\x6c\x12\x10\xa2\xcd\xfb\xa0\x27\xd0"s);
    EXPECT_EQ(span.span_id, "\xb8\xf5\x6e\x9c\x0d\xd9\x04\x83"s);
    EXPECT_EQ(span.name, "n");
    EXPECT_EQ(span.start_ns, 5U);
    EXPECT_EQ(span.dropped_attributes, 2U);
    EXPECT_EQ(request.scopes.at(span.scope).name, "x");
    ASSERT_EQ(request.Attributes(span.attributes).size(), 1U) << body;
    EXPECT_EQ(request.Attributes(span.attributes)[0].value.bytes, "b");
  }
}

TEST(JsonTest, RefusesABodyInWhichNothingIsKnown) {
  constexpr std::string_view kBodies[] = {
      R"({"spans":[{"name":"x"}]})",
      R"({"foo":1})",
      R"({"resourceLogs":[{"scopeLogs":[]}]})",
      R"({"data":{"resourceSpans":[]}})",
      R"({"resourceSpans":[{"foo":1}]})",
      R"({"resourceSpans":[{"resource":{},"libraries":[{"spans":[{"name":"x"}]}]}]})",
      R"({"resourceSpans":[{"scopeSpans":[{"scope":{"name":"s"},"items":[{"name":"x"}]}]}]})",
  };
  for (const std::string_view body : kBodies) {
    JsonNotes notes;
    const auto bytes = JsonToProtobuf(Signal::kTraces, body, &notes);
    ASSERT_FALSE(bytes.has_value()) << body;
    EXPECT_EQ(bytes.error().code(), base::Code::kInvalidArgument);
    EXPECT_NE(bytes.error().message().find("resourceSpans"), std::string::npos);
    EXPECT_GT(notes.unknown_keys, 0U) << body;
  }
}

TEST(JsonTest, IgnoresAndCountsUnknownKeysBesideKnownOnes) {
  JsonNotes notes;
  const auto bytes = JsonToProtobuf(
      Signal::kTraces,
      R"({"newField":{"a":1},"resourceSpans":[{"other":[1],"scopeSpans":[{"more":2,"spans":[
          {"name":"x","future":{"b":2}}]}]}]})",
      &notes);
  EXPECT_TRUE(bytes.has_value());
  EXPECT_EQ(notes.unknown_keys, 3U);
  // Empty requests are fine, also with a new flag in them.
  for (const std::string_view body : {"{}", R"({"resourceSpans":[]})", R"({"resourceSpans":null})",
                                      R"({"resourceSpans":[],"isLast":true})"}) {
    EXPECT_TRUE(JsonToProtobuf(Signal::kTraces, body).has_value()) << body;
  }
}

TEST(JsonTest, DeepValuesAreCutWhereTheWalkStillNotices) {
  std::string json = R"({"stringValue":"x"})";
  for (int i = 0; i < 300; ++i) {
    json = R"({"arrayValue":{"values":[)" + json + "]}}";
  }
  const Decoded decoded =
      DecodeJson(Signal::kTraces, SpanJson(R"("attributes":[{"key":"k","value":)" + json + "}]"));
  std::string text;
  JsonMarks marks;
  AppendJson(decoded.request.attributes.at(0).value, text, marks);
  EXPECT_TRUE(marks.is_too_deep);
  EXPECT_LT(decoded.bytes.size(), 400U);
}

TEST(JsonTest, ReadsLogRecords) {
  const Decoded decoded = DecodeJson(Signal::kLogs, R"({"resourceLogs":[{"scopeLogs":[{
    "logRecords":[{"timeUnixNano":"1","observedTimeUnixNano":"2","severityNumber":"SEVERITY_NUMBER_INFO2",
      "severityText":"info","body":{"kvlistValue":{"values":[{"key":"a","value":{"intValue":1}}]}},
      "attributes":[{"key":"k","value":{"stringValue":"v"}}],"droppedAttributesCount":3,"flags":1,
      "traceId":"0af7651916cd43dd8448eb211c80319c","spanId":"b7ad6b7169203331","eventName":"e"}]}]}]})");
  ASSERT_EQ(decoded.request.logs.size(), 1U);
  const LogRecord& log = decoded.request.logs[0];
  EXPECT_EQ(log.time_ns, 1U);
  EXPECT_EQ(log.observed_time_ns, 2U);
  EXPECT_EQ(log.severity_number, 10U);
  EXPECT_EQ(log.body.kind, ValueKind::kMap);
  EXPECT_EQ(log.dropped_attributes, 3U);
  EXPECT_EQ(log.trace_id.size(), 16U);
  EXPECT_EQ(log.span_id.size(), 8U);
  EXPECT_EQ(log.event_name, "e");
}

TEST(JsonTest, ReadsMetricsOfEveryKind) {
  const Decoded decoded = DecodeJson(Signal::kMetrics, R"({"resourceMetrics":[{"scopeMetrics":[{
    "metrics":[
      {"name":"g","unit":"s","gauge":{"dataPoints":[{"timeUnixNano":"9","asDouble":"NaN"}]}},
      {"name":"s","sum":{"aggregationTemporality":"AGGREGATION_TEMPORALITY_DELTA","isMonotonic":true,
        "dataPoints":[{"startTimeUnixNano":"1","timeUnixNano":"2","asInt":"-3","flags":1}]}},
      {"name":"h","histogram":{"aggregationTemporality":2,"dataPoints":[
        {"count":"3","sum":4.5,"bucketCounts":["1",2],"explicitBounds":[0.5],"min":0,"max":1}]}},
      {"name":"e","exponentialHistogram":{"dataPoints":[{"count":1,"scale":-1,"zeroCount":"2",
        "zeroThreshold":0.25,"positive":{"offset":-4,"bucketCounts":["300"]},"negative":{}}]}},
      {"name":"q","summary":{"dataPoints":[{"count":"2","sum":3,
        "quantileValues":[{"quantile":0.5,"value":1}]}]}}]}]}]})");
  const Request& request = decoded.request;
  ASSERT_EQ(request.points.size(), 5U);
  EXPECT_TRUE(std::isnan(request.points[0].number));
  EXPECT_EQ(request.points[1].integer, -3);
  EXPECT_EQ(request.points[1].flags, 1U);
  EXPECT_EQ(request.metrics[1].temporality, 1U);
  EXPECT_TRUE(request.metrics[1].is_monotonic);
  EXPECT_EQ(request.points[2].counts.count, 2U);
  EXPECT_TRUE(request.points[2].has_min);
  EXPECT_EQ(request.points[2].min, 0.0);
  EXPECT_EQ(request.points[3].positive_offset, -4);
  EXPECT_EQ(request.integers.at(request.points[3].counts.begin), 300U);
  EXPECT_EQ(request.points[3].zero_threshold, 0.25);
  EXPECT_EQ(request.doubles.at(request.points[4].bounds.begin), 0.5);
}

}  // namespace
}  // namespace sightline::otlp
