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

// One length-delimited field, for bodies that no encoder would write.
std::string Field(int number, std::string_view content) {
  std::string bytes;
  bytes.push_back(static_cast<char>(number << 3 | 2));
  std::size_t size = content.size();
  for (; size >= 0x80; size >>= 7U) {
    bytes.push_back(static_cast<char>((size & 0x7FU) | 0x80U));
  }
  bytes.push_back(static_cast<char>(size));
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

// A body of two resources with two scopes each, of three spans each: "a0" to "a2", "b0" ...
std::string GroupedBody() {
  std::string body;
  char scope = 'a';
  for (const std::string_view service : {"one", "two"}) {
    std::string groups;
    for (int i = 0; i < 2; ++i, ++scope) {
      std::string spans;
      for (int span = 0; span < 3; ++span) {
        spans += Field(2, Field(5, std::string(1, scope) + std::to_string(span)));
      }
      groups += Field(2, spans + Field(1, Field(1, std::string(1, scope))));
    }
    body += Field(
        1, groups + Field(1, Field(1, Field(1, "service.name") + Field(2, Field(1, service)))));
  }
  return body;
}

// "service/scope/name" of each span.
std::vector<std::string> Places(const Request& request) {
  std::vector<std::string> places;
  for (const Span& span : request.spans) {
    const auto attributes = request.Attributes(request.resources[span.resource].attributes);
    places.push_back(std::string(attributes[0].value.bytes) + "/" +
                     std::string(request.scopes[span.scope].name) + "/" + std::string(span.name));
  }
  return places;
}

TEST(DecoderTest, GivesEveryPortionTheGroupsOfItsItems) {
  const std::string body = GroupedBody();
  Request whole;
  ASSERT_TRUE(Decode(Signal::kTraces, body, whole).has_value());
  ASSERT_EQ(whole.spans.size(), 12U);
  for (const std::size_t rows : {1, 2, 3, 5, 100}) {
    Decoder decoder(Signal::kTraces, body, {.rows = rows});
    std::vector<std::string> places;
    std::size_t bytes = 0;
    while (!decoder.is_done()) {
      Request portion;
      const auto taken = decoder.Next(portion);
      ASSERT_TRUE(taken.has_value());
      bytes += *taken;
      EXPECT_LE(portion.spans.size(), rows);
      for (std::string& place : Places(portion)) {
        places.push_back(std::move(place));
      }
    }
    EXPECT_EQ(places, Places(whole)) << rows;
    EXPECT_LE(bytes, body.size());
  }
}

TEST(DecoderTest, EndsAPortionAtItsBytes) {
  const std::string body = GroupedBody();
  Decoder decoder(Signal::kTraces, body, {.bytes = 1});
  Request portion;
  std::size_t spans = 0;
  while (!decoder.is_done()) {
    ASSERT_TRUE(decoder.Next(portion).has_value());
    EXPECT_LE(portion.spans.size(), 1U);
    spans += portion.spans.size();
  }
  EXPECT_EQ(spans, 12U);
}

TEST(DecoderTest, ACopyGoesOnFromWhereTheOriginalIs) {
  const std::string body = GroupedBody();
  Decoder decoder(Signal::kTraces, body, {.rows = 5});
  Request portion;
  ASSERT_TRUE(decoder.Next(portion).has_value());
  Decoder copy = decoder;
  ASSERT_TRUE(copy.Next(portion).has_value());
  const std::vector<std::string> seen = Places(portion);
  ASSERT_TRUE(decoder.Next(portion).has_value());
  EXPECT_EQ(Places(portion), seen);
}

TEST(DecoderTest, SaysWhereABodyIsMalformed) {
  std::string body = GroupedBody();
  body.pop_back();
  Decoder decoder(Signal::kTraces, body, {.rows = 1});
  Request portion;
  ASSERT_TRUE(decoder.Next(portion).has_value()) << "the first resource is good";
  base::Result<std::size_t> taken = std::size_t{0};
  while (taken.has_value() && !decoder.is_done()) {
    taken = decoder.Next(portion);
  }
  EXPECT_FALSE(taken.has_value());
}

TEST(DecoderTest, EmptySpansAreRefusedHoweverSmallThePortions) {
  std::string spans;
  for (int i = 0; i < 1'000'000; ++i) {
    spans.append("\x12\x00", 2);
  }
  const std::string many = Field(1, Field(2, spans));
  Decoder decoder(Signal::kTraces, many, {.rows = 1000});
  Request portion;
  base::Result<std::size_t> taken = std::size_t{0};
  while (taken.has_value() && !decoder.is_done()) {
    taken = decoder.Next(portion);
  }
  ASSERT_FALSE(taken.has_value());
  EXPECT_NE(taken.error().message().find("empty elements"), std::string::npos);
}

TEST(DecoderTest, OneMetricWithMillionsOfBucketsIsRefused) {
  const std::string counts = Field(2, std::string(20'000'000, '\x01'));
  const std::string point = Field(8, counts);
  const std::string body = Field(1, Field(2, Field(2, Field(10, Field(1, point)))));
  Request request;
  const auto result = Decode(Signal::kMetrics, body, request);
  ASSERT_FALSE(result.has_value());
  EXPECT_LT(HeldBytes(request), std::size_t{64} << 20U);
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
