// SPDX-License-Identifier: Apache-2.0
#include "ingest/recent_spans.h"

#include <gtest/gtest.h>

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

TEST(RecentSpansTest, KnowsRowsThatWereReadWithoutTheirTextsByIdentity) {
  RecentSpans recent;
  model::Span row = MakeSpan();
  row.scope_attributes = {};
  row.attributes = {};
  recent.Insert(row);
  EXPECT_TRUE(Knows(recent, MakeSpan()));
  model::Span later = MakeSpan();
  later.end_ns = 21;
  EXPECT_FALSE(Knows(recent, later));
}

}  // namespace
}  // namespace sightline::ingest
