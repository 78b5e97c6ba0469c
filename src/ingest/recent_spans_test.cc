// SPDX-License-Identifier: Apache-2.0
#include "ingest/recent_spans.h"

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

bool Knows(const RecentSpans& recent, const model::Span& span) {
  return recent.Contains(RecentSpans::FingerprintOf(span));
}

TEST(RecentSpansTest, KnowsExactRepeats) {
  RecentSpans recent;
  EXPECT_FALSE(Knows(recent, MakeSpan()));
  recent.Insert(MakeSpan());
  EXPECT_TRUE(Knows(recent, MakeSpan()));
}

TEST(RecentSpansTest, TakesAnUpdateAtTheSameTimesForANewVersion) {
  RecentSpans recent;
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
TEST(RecentSpansTest, KnowsRepeatsOfRestoredRowsWhateverIdsTheirBodiesHave) {
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
  RecentSpans recent;
  recent.InsertRestored(with_body("input", 7, first));
  EXPECT_TRUE(Knows(recent, with_body("input", 9, again)));
  EXPECT_FALSE(Knows(recent, with_body("output", 7, other)));
  EXPECT_FALSE(Knows(recent, MakeSpan()));
}

TEST(RecentSpansTest, TakesAnotherBodyForANewVersion) {
  std::string first;
  std::string second;
  model::Span span = MakeSpan();
  model::AppendRope(first, {.key = "k", .pieces = {{.body_id = 7, .literal = {}}}});
  model::AppendRope(second, {.key = "k", .pieces = {{.body_id = 8, .literal = {}}}});
  RecentSpans recent;
  span.content = first;
  recent.Insert(span);
  EXPECT_TRUE(Knows(recent, span));
  span.content = second;
  EXPECT_FALSE(Knows(recent, span));
}

}  // namespace
}  // namespace sightline::ingest
