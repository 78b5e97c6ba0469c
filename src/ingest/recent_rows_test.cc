// SPDX-License-Identifier: Apache-2.0
#include "ingest/recent_rows.h"

#include <cstdint>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include "model/rope.h"

namespace sightline::ingest {
namespace {

model::Span MakeSpan() {
  model::Span span;
  span.trace_id.bytes.back() = 1;
  span.span_id.bytes.back() = 2;
  span.start_ns = 10;
  span.end_ns = 20;
  span.scope_attributes = R"({"name":"x"})";
  span.attributes = R"({"a":1})";
  return span;
}

template <typename Row>
bool Knows(const RecentRows& recent, const Row& row) {
  return recent.Contains(RecentRows::FingerprintOf(row));
}

model::MetricPoint MakePoint() {
  return {.time_ns = 20, .start_ns = 10, .name = "latency", .value = 1.5, .count = 2};
}

TEST(RecentRowsTest, KnowsExactRepeats) {
  RecentRows recent;
  EXPECT_FALSE(Knows(recent, MakeSpan()));
  recent.Insert(MakeSpan());
  EXPECT_TRUE(Knows(recent, MakeSpan()));
}

TEST(RecentRowsTest, TakesAnUpdateAtTheSameTimesForANewVersion) {
  RecentRows recent;
  recent.Insert(MakeSpan());
  model::Span update = MakeSpan();
  update.attributes = R"({"a":1,"gen_ai.usage.output_tokens":9})";
  EXPECT_FALSE(Knows(recent, update));
  recent.Insert(update);
  EXPECT_TRUE(Knows(recent, update));
  model::Span with_event = MakeSpan();
  with_event.events = R"([{"name":"score"}])";
  EXPECT_FALSE(Knows(recent, with_event));
}

// A body that is sent again gets another id when the index of bodies has forgotten it.
TEST(RecentRowsTest, KnowsRepeatsOfRestoredRowsWhateverIdsTheirBodiesHave) {
  const auto with_body = [](std::string_view key, std::uint64_t body_id, std::string& content) {
    model::Rope rope{.key = key};
    rope.pieces = {{.body_id = 0, .literal = "["}, {.body_id = body_id, .literal = {}}};
    model::AppendRope(content, rope);
    model::Span span = MakeSpan();
    span.content = content;
    return span;
  };
  std::string first;
  std::string again;
  std::string other;
  RecentRows recent;
  model::Batch restored;
  restored.spans.push_back(with_body("input", 7, first));
  recent.InsertRestored(restored);
  EXPECT_TRUE(Knows(recent, with_body("input", 9, again)));
  EXPECT_FALSE(Knows(recent, with_body("output", 7, other)));
  EXPECT_FALSE(Knows(recent, MakeSpan()));
}

TEST(RecentRowsTest, TakesAnotherBodyForANewVersion) {
  std::string first;
  std::string second;
  model::Span span = MakeSpan();
  model::AppendRope(first, {.key = "k", .pieces = {{.body_id = 7, .literal = {}}}});
  model::AppendRope(second, {.key = "k", .pieces = {{.body_id = 8, .literal = {}}}});
  RecentRows recent;
  span.content = first;
  recent.Insert(span);
  EXPECT_TRUE(Knows(recent, span));
  span.content = second;
  EXPECT_FALSE(Knows(recent, span));
}

// Else a span that ends at once would be taken for the sign that it has started, and be lost.
TEST(RecentRowsTest, KeepsASpanApartFromItsAnnouncement) {
  model::Span pending = MakeSpan();
  pending.set_mark(model::Mark::kPlaceholder);
  RecentRows recent;
  recent.Insert(RecentRows::FingerprintOf(pending));
  EXPECT_TRUE(Knows(recent, pending));
  EXPECT_FALSE(Knows(recent, MakeSpan()));
  recent.Insert(MakeSpan());
  EXPECT_TRUE(Knows(recent, pending));
}

TEST(RecentRowsTest, KnowsRepeatsOfPoints) {
  RecentRows recent;
  recent.Insert(RecentRows::FingerprintOf(MakePoint()));
  EXPECT_TRUE(Knows(recent, MakePoint()));
  const auto differs = [&](auto change) {
    model::MetricPoint point = MakePoint();
    change(point);
    return !Knows(recent, point);
  };
  EXPECT_TRUE(differs([](auto& point) { point.time_ns = 21; }));
  EXPECT_TRUE(differs([](auto& point) { point.start_ns = 11; }));
  EXPECT_TRUE(differs([](auto& point) { point.value = 1.25; }));
  EXPECT_TRUE(differs([](auto& point) { point.count = 3; }));
  EXPECT_TRUE(differs([](auto& point) { point.buckets = "{}"; }));
  EXPECT_TRUE(differs([](auto& point) { point.name = "latencies"; }));
  EXPECT_TRUE(differs([](auto& point) { point.attributes = R"({"host":"a"})"; }));
}

TEST(RecentRowsTest, RemembersAllKindsOfABatch) {
  model::Batch batch;
  batch.spans.push_back(MakeSpan());
  batch.pending.push_back(MakeSpan());
  batch.pending.back().set_mark(model::Mark::kPlaceholder);
  batch.points.push_back(MakePoint());
  EXPECT_EQ(RecentRows::FingerprintsOf(batch).size(), 3U);
  RecentRows recent;
  recent.InsertRestored(batch);
  EXPECT_TRUE(Knows(recent, batch.spans[0]));
  EXPECT_TRUE(Knows(recent, batch.pending[0]));
  EXPECT_TRUE(Knows(recent, batch.points[0]));
}

}  // namespace
}  // namespace sightline::ingest
