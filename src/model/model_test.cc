// SPDX-License-Identifier: Apache-2.0
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "model/columns.h"
#include "model/encoded_batch.h"
#include "model/rope.h"
#include "model/run_status.h"
#include "model/span.h"

namespace sightline::model {
namespace {

using ::testing::ElementsAre;

std::string Join(const std::vector<TextPart>& parts) {
  std::string text;
  for (const TextPart& part : parts) {
    text += part.text;
  }
  return text;
}

std::vector<std::string> Bodies(std::string_view text, std::size_t min_body_bytes) {
  std::vector<TextPart> parts;
  SplitText(text, min_body_bytes, parts);
  EXPECT_EQ(Join(parts), text);
  std::vector<std::string> bodies;
  for (const TextPart& part : parts) {
    if (part.is_body) {
      bodies.emplace_back(part.text);
    }
  }
  return bodies;
}

TEST(SplitTextTest, CutsMessagesOutOfEveryShape) {
  struct Case {
    std::string_view name;
    std::string_view text;
    std::vector<std::string> want;
  };

  const std::vector<Case> cases = {
      {"array of messages", R"([{"a":1}, {"b":2}])", {R"({"a":1})", R"({"b":2})"}},
      {"array in an object",
       R"({"system":"be nice","messages":[{"a":1},"text"]})",
       {R"("be nice")", R"({"a":1})", R"("text")"}},
      {"batch of one", R"({"messages":[[{"a":1},{"b":2}]]})", {R"({"a":1})", R"({"b":2})"}},
      {"plain text", "hello there", {"hello there"}},
      {"escaped quotes", R"(["a\"]b","c\\"])", {R"("a\"]b")", R"("c\\")"}},
      {"cut off in the middle", R"([{"a":1},{"b":)", {R"({"a":1})", R"(,{"b":)"}},
      {"not json after all", "[see note] and more", {"[see note] and more"}},
      {"empty array", "[]", {"[]"}},
      {"white space around", " [ {\"a\":1} , {\"b\":2} ] ", {R"({"a":1})", R"({"b":2})"}},
      {"unbalanced", "]]]", {"]]]"}},
  };
  for (const Case& c : cases) {
    EXPECT_EQ(Bodies(c.text, 4), c.want) << c.name;
  }
}

TEST(SplitTextTest, KeepsShortValuesInTheBodiesBetween) {
  EXPECT_THAT(Bodies(R"([1,2,{"role":"user"},"",null,[]])", 10),
              ElementsAre("[1,2,", R"({"role":"user"})"));
  EXPECT_THAT(Bodies(R"({"city":"北京","note":"a long remark","n":4711})", 15),
              ElementsAre(R"({"city":"北京","note":)", R"("a long remark")", R"(,"n":4711})"));
  EXPECT_THAT(Bodies(R"({"a_key_without_a_value":[{"role":"user"}],"ok":true})", 15),
              ElementsAre(R"({"role":"user"})"));
}

TEST(SplitTextTest, SurvivesDeepNesting) {
  const std::string deep = std::string(100000, '[') + std::string(100000, ']');
  EXPECT_EQ(Bodies(deep, 4).size(), 1U);
}

TEST(RopeTest, RoundTrips) {
  std::string content;
  AppendRope(content, {.key = "a", .pieces = {{.literal = "["}, {.body_id = 7}, {.literal = "]"}}});
  AppendRope(content, {.place = RopePlace::kEventAttribute,
                       .event = 3,
                       .key = "b",
                       .form = RopeForm::kJson,
                       .pieces = {{.body_id = 1U << 30U}}});
  const auto ropes = ParseRopes(content);
  ASSERT_TRUE(ropes.has_value());
  ASSERT_EQ(ropes->size(), 2U);
  EXPECT_EQ((*ropes)[0].pieces[1].body_id, 7U);
  EXPECT_EQ((*ropes)[0].pieces[2].literal, "]");
  EXPECT_EQ((*ropes)[1].event, 3U);
  EXPECT_EQ((*ropes)[1].form, RopeForm::kJson);
  std::vector<std::uint64_t> ids;
  ForEachBodyId(content, [&](std::uint64_t id) { ids.push_back(id); });
  EXPECT_THAT(ids, ElementsAre(7U, 1U << 30U));
  for (std::size_t cut = 1; cut < content.size(); ++cut) {
    static_cast<void>(ParseRopes(std::string_view(content).substr(0, cut)));
  }
}

Batch MakeBatch() {
  Batch batch;
  batch.received_ns = 1234567890;
  batch.day = 20000;
  for (int i = 0; i < 3; ++i) {
    Span span;
    span.trace_id.bytes[0] = 1;
    span.span_id.bytes[7] = static_cast<std::uint8_t>(i + 1);
    span.name = "chat";
    span.kind = SpanKind::kLlm;
    span.start_ns = std::numeric_limits<std::int64_t>::min();
    span.end_ns = std::numeric_limits<std::int64_t>::max() - i;
    span.usage.input_total = i == 1 ? Usage::kUnknown : 0;
    span.resource_attributes = R"({"service.name":"s"})";
    span.is_streaming = i == 2;
    span.arguments_hash = std::numeric_limits<std::uint64_t>::max() - static_cast<unsigned>(i);
    batch.spans.push_back(span);
  }
  Span pending;
  pending.name = "running";
  batch.pending.push_back(pending);
  LogRecord log;
  log.body = "text";
  log.severity = 17;
  batch.logs.push_back(log);
  MetricPoint point;
  point.name = "m";
  point.value = std::numeric_limits<double>::quiet_NaN();
  batch.points.push_back(point);
  batch.bodies.push_back({.id = 9, .hash = {.high = 1, .low = ~0ULL}, .bytes = "body"});
  return batch;
}

TEST(CodecTest, RoundTripsEveryKindOfRow) {
  const Batch batch = MakeBatch();
  const auto parsed = EncodedBatch::Parse(std::string(EncodedBatch::Encode(batch)->record()));
  ASSERT_TRUE(parsed.has_value());
  EXPECT_EQ((*parsed)->row_count(), 6U);
  const auto decoded = EncodedBatch::Decode(*parsed);
  ASSERT_TRUE(decoded.has_value());
  const Batch& got = **decoded;
  EXPECT_EQ(got.received_ns, batch.received_ns);
  EXPECT_EQ(got.day, batch.day);
  ASSERT_EQ(got.spans.size(), 3U);
  for (std::size_t i = 0; i < 3; ++i) {
    ForEachColumn<Span>([&](std::size_t, const auto& column) {
      EXPECT_EQ(column.get(got.spans[i]), column.get(batch.spans[i])) << column.name;
    });
  }
  ASSERT_EQ(got.pending.size(), 1U);
  EXPECT_EQ(got.pending[0].name, "running");
  ASSERT_EQ(got.logs.size(), 1U);
  EXPECT_EQ(got.logs[0].severity, 17);
  ASSERT_EQ(got.points.size(), 1U);
  EXPECT_NE(got.points[0].value, got.points[0].value);
  ASSERT_EQ(got.bodies.size(), 1U);
  EXPECT_EQ(got.bodies[0].hash, batch.bodies[0].hash);
  EXPECT_EQ(got.bodies[0].bytes, "body");
}

TEST(CodecTest, RefusesEveryTruncationAndOtherVersions) {
  std::string record(EncodedBatch::Encode(MakeBatch())->record());
  for (std::size_t cut = 0; cut < record.size(); ++cut) {
    EXPECT_FALSE(EncodedBatch::Parse(record.substr(0, cut)).has_value()) << cut;
  }
  record[0] = 1;
  EXPECT_FALSE(EncodedBatch::Parse(record).has_value());
}

// It would index arrays.
TEST(CodecTest, RefusesValuesThatAreNoneOfTheirEnum) {
  const auto decodes = [](auto change) -> std::string_view {
    Batch batch;
    change(batch.spans.emplace_back(), batch.points.emplace_back());
    const auto parsed = EncodedBatch::Parse(std::string(EncodedBatch::Encode(batch)->record()));
    const auto decoded = EncodedBatch::Decode(*parsed);
    return decoded.has_value() ? "" : base::CodeName(decoded.error().code());
  };
  EXPECT_EQ(decodes([](Span& span, MetricPoint& point) {
              span.kind = SpanKind::kDb;
              span.dialect = Dialect::kCrewAi;
              span.status = StatusCode::kError;
              span.cost_status = CostStatus::kUnpriced;
              point.type = MetricType::kSummary;
            }),
            "");
  const std::uint8_t unknown = 200;
  const auto with_span = [&](auto member, auto value) {
    return decodes([&](Span& span, MetricPoint&) { span.*member = value; });
  };
  EXPECT_NE(with_span(&Span::kind, static_cast<SpanKind>(unknown)), "");
  EXPECT_NE(with_span(&Span::dialect, static_cast<Dialect>(unknown)), "");
  EXPECT_NE(with_span(&Span::status, static_cast<StatusCode>(unknown)), "");
  EXPECT_NE(with_span(&Span::cost_status, static_cast<CostStatus>(unknown)), "");
  EXPECT_NE(
      decodes([&](Span&, MetricPoint& point) { point.type = static_cast<MetricType>(unknown); }),
      "");
}

TEST(KindTest, NamesOnlyWhatItKnows) {
  EXPECT_EQ(SpanKindName(static_cast<SpanKind>(200)), "");
  EXPECT_EQ(DialectName(static_cast<Dialect>(200)), "");
  EXPECT_EQ(RunStatusName(static_cast<RunStatus>(200)), "");
}

TEST(MarkTest, NamesEachMarkOnce) {
  std::set<std::string_view> names;
  ForEachMarkName(~0U,
                  [&](std::string_view name) { EXPECT_TRUE(names.insert(name).second) << name; });
  EXPECT_EQ(names.size(), 14U);
  std::string text;
  const auto marks =
      static_cast<std::uint32_t>(Mark::kTooLong) | static_cast<std::uint32_t>(Mark::kDemo);
  ForEachMarkName(marks, [&](std::string_view name) { text.append(name).append(" "); });
  EXPECT_EQ(text, "too_long demo ");
}

}  // namespace
}  // namespace sightline::model
