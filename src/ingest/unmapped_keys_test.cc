// SPDX-License-Identifier: Apache-2.0
#include "ingest/unmapped_keys.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace sightline::ingest {
namespace {

model::Span SpanWith(std::string_view unmapped, std::string_view scope) {
  model::Span span;
  span.unmapped = unmapped;
  span.scope = scope;
  return span;
}

TEST(UnmappedKeysTest, CountsSpansByKeyAndScope) {
  UnmappedKeys keys;
  const std::string list = R"(["a","b"])";
  const std::string scope = "x";
  const std::vector<model::Span> spans = {SpanWith(list, scope), SpanWith(list, scope),
                                          SpanWith(R"(["b"])", "y"), SpanWith("", "z")};
  keys.Add(spans);
  keys.Add(std::vector<model::Span>{SpanWith(R"(["a"])", "x")});
  const UnmappedKeys::Counts counts = keys.counts();
  ASSERT_EQ(counts.rows.size(), 3U);
  EXPECT_EQ(counts.rows[0].key, "a");
  EXPECT_EQ(counts.rows[0].scope, "x");
  EXPECT_EQ(counts.rows[0].spans, 3U);
  EXPECT_EQ(counts.rows[1].key, "b");
  EXPECT_EQ(counts.rows[1].spans, 2U);
  EXPECT_EQ(counts.rows[2].scope, "y");
  EXPECT_EQ(counts.left_out, 0U);
}

TEST(UnmappedKeysTest, CountsIndexedKeysTogetherAndOncePerSpan) {
  UnmappedKeys keys;
  keys.Add(std::vector<model::Span>{SpanWith(R"(["docs.0.id","docs.1.id","v2.x","7"])", "x")});
  const UnmappedKeys::Counts counts = keys.counts();
  ASSERT_EQ(counts.rows.size(), 3U);
  EXPECT_EQ(counts.rows[0].key, "N");
  EXPECT_EQ(counts.rows[1].key, "docs.N.id");
  EXPECT_EQ(counts.rows[1].spans, 1U);
  EXPECT_EQ(counts.rows[2].key, "v2.x");
}

TEST(UnmappedKeysTest, StaysBounded) {
  UnmappedKeys keys;
  for (std::size_t i = 0; i < UnmappedKeys::kMaxRows + 5; ++i) {
    const std::string list = "[\"key-" + std::to_string(i) + "\"]";
    keys.Add(std::vector<model::Span>{SpanWith(list, "x")});
  }
  const std::string list = "[\"" + std::string(5000, 'k') + "\"]";
  keys.Add(std::vector<model::Span>{SpanWith(list, "x")});
  EXPECT_EQ(keys.counts().rows.size(), UnmappedKeys::kMaxRows);
  EXPECT_EQ(keys.counts().left_out, 6U);
  // A key that has its row is still counted.
  keys.Add(std::vector<model::Span>{SpanWith(R"(["key-3"])", "x")});
  EXPECT_EQ(keys.counts().rows[0].key, "key-3");
  EXPECT_EQ(keys.counts().rows[0].spans, 2U);
}

}  // namespace
}  // namespace sightline::ingest
