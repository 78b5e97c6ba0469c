// SPDX-License-Identifier: Apache-2.0
#include "otlp/decode.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "base/error.h"
#include "otlp/encode.h"
#include "otlp/request.h"
#include "otlp/value.h"

namespace sightline::otlp {
namespace {

using std::string_literals::operator""s;

// One length-delimited field, for bodies that no encoder would write. Lengths below 128.
std::string Field(int number, std::string_view content) {
  std::string bytes;
  bytes.push_back(static_cast<char>(number << 3 | 2));
  bytes.push_back(static_cast<char>(content.size()));
  bytes.append(content);
  return bytes;
}

std::string SpanBody(std::string_view span) {
  return Field(1, Field(2, Field(2, span)));
}

struct MalformedCase {
  const char* name;
  std::string body;
};

class MalformedTest : public testing::TestWithParam<MalformedCase> {};

TEST_P(MalformedTest, IsRefusedWhole) {
  Request request;
  request.spans.resize(3);
  const auto result = Decode(Signal::kTraces, GetParam().body, request);
  ASSERT_FALSE(result.has_value());
  EXPECT_EQ(result.error().code(), base::Code::kInvalidArgument);
  EXPECT_TRUE(request.spans.empty());
  EXPECT_TRUE(request.resources.empty());
}

INSTANTIATE_TEST_SUITE_P(
    Bodies, MalformedTest,
    testing::Values(MalformedCase{"LengthBeyondEnd", "\x0a\x05\x01"s},
                    MalformedCase{"VarintWithoutEnd", "\xff\xff"s},
                    MalformedCase{"VarintTooLong",
                                  SpanBody("\x30\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"s)},
                    MalformedCase{"FieldNumberZero", "\x02\x00"s},
                    MalformedCase{"GroupWireType", "\x0b\x0c"s},
                    MalformedCase{"CutFixed64", SpanBody("\x39\x01\x02"s)},
                    MalformedCase{"PlainText", "hello, collector"s},
                    MalformedCase{"CutInsideAttribute", SpanBody(Field(9, "\x0a\x09k"s))},
                    MalformedCase{"CutInsideEvent", SpanBody(Field(11, "\x12\x09k"s))},
                    MalformedCase{"CutInsideArrayElement",
                                  SpanBody(Field(9, Field(2, Field(5, Field(1, "\x0a\x09k"s)))))},
                    MalformedCase{
                        "CutInsideNestedMap",
                        SpanBody(Field(9, Field(2, Field(5, Field(1, Field(6, "\x0a\x05"s))))))}),
    [](const auto& test) { return test.param.name; });

TEST(DecodeTest, EmptyBodyIsAnEmptyRequest) {
  Request request;
  EXPECT_TRUE(Decode(Signal::kTraces, "", request).has_value());
  EXPECT_TRUE(request.resources.empty());
}

TEST(DecodeTest, MembersMayComeBeforeWhatDescribesThem) {
  const std::string span = Field(2, Field(5, "work"));
  const std::string scope_group = span + Field(1, Field(1, "library")) + Field(3, "scope-schema");
  const std::string resource = Field(1, Field(1, "service.name") + Field(2, Field(1, "svc")));
  const std::string body =
      Field(1, Field(2, scope_group) + Field(1, resource) + Field(3, "schema"));
  Request request;
  ASSERT_TRUE(Decode(Signal::kTraces, body, request).has_value());
  ASSERT_EQ(request.spans.size(), 1U);
  const Resource& found = request.resources[request.spans[0].resource];
  EXPECT_EQ(found.schema_url, "schema");
  ASSERT_EQ(request.Attributes(found.attributes).size(), 1U);
  EXPECT_EQ(request.Attributes(found.attributes)[0].value.bytes, "svc");
  const Scope& scope = request.scopes[request.spans[0].scope];
  EXPECT_EQ(scope.name, "library");
  EXPECT_EQ(scope.schema_url, "scope-schema");
}

TEST(DecodeTest, AttributesOfEventsDoNotMixWithThoseOfTheSpan) {
  const auto attribute = [](std::string_view key) { return Field(1, key); };
  const std::string body = SpanBody(Field(9, attribute("a")) + Field(11, Field(3, attribute("e"))) +
                                    Field(9, attribute("b")) + Field(13, Field(4, attribute("l"))));
  Request request;
  ASSERT_TRUE(Decode(Signal::kTraces, body, request).has_value());
  const auto attributes = request.Attributes(request.spans[0].attributes);
  ASSERT_EQ(attributes.size(), 2U);
  EXPECT_EQ(attributes[0].key, "a");
  EXPECT_EQ(attributes[1].key, "b");
  EXPECT_EQ(request.Attributes(request.Events(request.spans[0].events)[0].attributes)[0].key, "e");
  EXPECT_EQ(request.Attributes(request.Links(request.spans[0].links)[0].attributes)[0].key, "l");
}

TEST(DecodeTest, StatusSentInTwoPartsIsMerged) {
  const std::string body = SpanBody(Field(15, Field(2, "boom")) + Field(15, "\x18\x02"s));
  Request request;
  ASSERT_TRUE(Decode(Signal::kTraces, body, request).has_value());
  EXPECT_EQ(request.spans[0].status_message, "boom");
  EXPECT_EQ(request.spans[0].status_code, 2U);
}

TEST(DecodeTest, MetricDataOfAnotherKindReplacesWhatCameBefore) {
  const std::string point = Field(1, "\x40\x01"s);
  const std::string gauge_then_sum =
      Field(5, point + point) + Field(7, point + "\x10\x01\x18\x01"s);
  Request request;
  ASSERT_TRUE(
      Decode(Signal::kMetrics, Field(1, Field(2, Field(2, gauge_then_sum))), request).has_value());
  ASSERT_EQ(request.metrics.size(), 1U);
  EXPECT_EQ(request.metrics[0].kind, MetricKind::kSum);
  EXPECT_EQ(request.metrics[0].temporality, 1U);
  EXPECT_TRUE(request.metrics[0].is_monotonic);
  EXPECT_EQ(request.points.size(), 1U);
}

TEST(DecodeTest, MillionsOfEmptySpansAreRefusedInsteadOfFillingMemory) {
  std::string scope_group;
  for (int i = 0; i < 10'000; ++i) {
    scope_group.append(Field(2, ""));
  }
  const std::string inner = "\x12\xa0\x9c\x01"s + scope_group;  // 20,000 bytes.
  const std::string body = "\x0a\xa4\x9c\x01"s + inner;
  Request request;
  const auto result = Decode(Signal::kTraces, body, request);
  ASSERT_FALSE(result.has_value());
  EXPECT_NE(result.error().message().find("empty elements"), std::string::npos);
}

TEST(DecodeTest, SmallRequestsOfEmptySpansAreLeftToTheNormaliser) {
  Request request;
  ASSERT_TRUE(Decode(Signal::kTraces, SpanBody("") + SpanBody(""), request).has_value());
  EXPECT_EQ(request.spans.size(), 2U);
}

// A value of `depth` arrays around a string, as AnyValue bytes.
AnyData Nest(int depth) {
  AnyData value("x");
  for (int i = 0; i < depth; ++i) {
    value = AnyData(AnyData::Array{value});
  }
  return value;
}

TEST(DecodeTest, ValuesMayNestBeyondTheLimitWithoutHarm) {
  const std::string body =
      EncodeTraces({}, {}, std::vector<SpanData>{{.attributes = {{"deep", Nest(1000)}}}});
  Request request;
  ASSERT_TRUE(Decode(Signal::kTraces, body, request).has_value());
  EXPECT_EQ(request.attributes[0].value.kind, ValueKind::kArray);
}

TEST(ValueTest, MalformedBytesGiveWhatWasReadUntilThen) {
  const std::string bytes = "\x0a\x02hi\x0a\x7f"s;
  const Value value = DecodeValue(bytes);
  EXPECT_EQ(value.kind, ValueKind::kString);
  EXPECT_EQ(value.bytes, "hi");
}

TEST(ValueTest, WalksArraysAndMapsInOrder) {
  const AnyData map = AnyData::Map{{"one", 1}, {"two", AnyData::Array{"a", true, 2.5, AnyData()}}};
  const std::string bytes = EncodeValue(map);
  const Value value = DecodeValue(bytes);
  std::string seen;
  ForEachEntry(value, [&](std::string_view key, const Value& entry) {
    seen.append(key).append(";");
    ForEachElement(entry, [&](const Value& element) {
      seen.append(std::to_string(static_cast<int>(element.kind)));
    });
  });
  EXPECT_EQ(seen, "one;two;1240");
}

}  // namespace
}  // namespace sightline::otlp
