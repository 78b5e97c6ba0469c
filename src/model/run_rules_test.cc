// SPDX-License-Identifier: Apache-2.0
#include "model/run_rules.h"

#include <cstdint>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "model/span.h"

namespace sightline::model {
namespace {

constexpr std::int64_t kSecond = 1'000'000'000;

SpanId Id(std::uint8_t number) {
  SpanId id;
  id.bytes.back() = number;
  return id;
}

Span Call(std::uint8_t id, std::uint8_t parent, std::string_view request_model,
          std::string_view response_model, std::int64_t input, std::int64_t output) {
  Span span;
  span.span_id = Id(id);
  span.parent_span_id = parent == 0 ? SpanId{} : Id(parent);
  span.start_ns = id * kSecond;
  span.end_ns = 10 * kSecond;
  span.kind = SpanKind::kLlm;
  span.request_model = request_model;
  span.response_model = response_model;
  span.usage = {.input_total = input, .output_total = output, .total = input + output};
  return span;
}

std::int64_t CountedTokens(const std::vector<Span>& spans) {
  std::vector<RunSpan> rows;
  for (const Span& span : spans) {
    rows.push_back(RunSpanOf(span));
  }
  const RunShape shape = ShapeRun(rows, false);
  RunTotals totals;
  for (std::size_t i = 0; i < shape.kept.size(); ++i) {
    if (shape.counts_usage[i]) {
      totals.Add(rows[shape.kept[i]]);
    }
  }
  return totals.usage.total;
}

TEST(RunRulesTest, CountsOneCallOnceHoweverItsModelIsWritten) {
  EXPECT_EQ(CountedTokens({Call(1, 0, "openai/gpt-4o", "", 40, 2),
                           Call(2, 1, "gpt-4o", "gpt-4o-2024-08-06", 40, 2),
                           Call(3, 2, "gpt-4o-2024-08-06", "", 40, 2)}),
            42);
  EXPECT_EQ(
      CountedTokens({Call(1, 0, "bedrock/us.anthropic.claude-sonnet-4-5-20250929-v1:0", "", 40, 2),
                     Call(2, 1, "claude-sonnet-4.5", "", 40, 2)}),
      42);
  EXPECT_EQ(CountedTokens({Call(1, 0, "router/fast", "gpt-4o-2024-08-06", 40, 2),
                           Call(2, 1, "azure/gpt-4o", "", 40, 2)}),
            42);
}

TEST(RunRulesTest, CountsCallsOfDifferentModelsEach) {
  EXPECT_EQ(CountedTokens({Call(1, 0, "gpt-4o", "", 40, 2), Call(2, 1, "gpt-4o-mini", "", 40, 2)}),
            84);
  EXPECT_EQ(CountedTokens({Call(1, 0, "claude-opus-4", "", 40, 2),
                           Call(2, 1, "anthropic/claude-sonnet-4", "", 40, 2)}),
            84);
}

TEST(RunRulesTest, ShowsTheLaterVersionOfASpanWithEqualTimes) {
  Span first = Call(1, 0, "gpt-4o", "", Usage::kUnknown, Usage::kUnknown);
  first.usage = {};
  const Span second = Call(1, 0, "gpt-4o", "", 5, 9);
  EXPECT_EQ(CountedTokens({first, second}), 14);
  EXPECT_EQ(CountedTokens({second, first}), 14);
  EXPECT_EQ(CountedTokens({Call(1, 0, "gpt-4o", "", 5, 8), second}), 14);
}

TEST(RunRulesTest, DoesNotLetTheClockOfAnotherServiceWidenARun) {
  Span root = Call(1, 0, "", "", 1, 1);
  root.service = "front";
  root.start_ns = 100 * kSecond;
  root.end_ns = 102 * kSecond;
  Span remote = root;
  remote.span_id = Id(2);
  remote.parent_span_id = Id(1);
  remote.service = "tools";
  remote.start_ns += 30 * kSecond;
  remote.end_ns += 30 * kSecond;
  const std::vector<RunSpan> skewed = {RunSpanOf(root), RunSpanOf(remote)};
  EXPECT_EQ(ShapeRun(skewed, false).start_ns, 100 * kSecond);
  EXPECT_EQ(ShapeRun(skewed, false).end_ns, 102 * kSecond);

  remote.service = "front";  // A child of its own that goes on after the root has answered.
  const std::vector<RunSpan> detached = {RunSpanOf(root), RunSpanOf(remote)};
  EXPECT_EQ(ShapeRun(detached, false).end_ns, 132 * kSecond);

  root.set_mark(Mark::kPlaceholder);
  root.end_ns = 0;
  remote.service = "tools";
  const std::vector<RunSpan> running = {RunSpanOf(root), RunSpanOf(remote)};
  EXPECT_EQ(ShapeRun(running, true).end_ns, 132 * kSecond);
}

}  // namespace
}  // namespace sightline::model
