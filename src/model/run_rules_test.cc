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

RunTotals CountedTotals(const std::vector<Span>& spans) {
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
  return totals;
}

std::int64_t CountedTokens(const std::vector<Span>& spans) {
  return CountedTotals(spans).usage.total;
}

// A call of a tool that costs five.
Span PaidTool(std::uint8_t id, std::uint8_t parent, std::string_view tool,
              std::string_view call_id = "") {
  Span span = Call(id, parent, "", "", 0, 0);
  span.usage = {};
  span.kind = SpanKind::kTool;
  span.tool_name = tool;
  span.tool_call_id = call_id;
  span.cost.picodollars = 5;
  span.cost_status = CostStatus::kPriced;
  return span;
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

TEST(RunRulesTest, AddsTheFeeOfAToolToTheCallsAroundAndBelowIt) {
  Span agent = Call(1, 0, "", "", 70, 7);  // It states what a call below it did not.
  agent.kind = SpanKind::kAgent;
  EXPECT_EQ(CountedTotals({agent, PaidTool(2, 1, "search")}).usage.total, 77);
  EXPECT_EQ(CountedTotals({agent, PaidTool(2, 1, "search")}).cost_picodollars, 5);
  EXPECT_EQ(CountedTotals({PaidTool(1, 0, "search"), Call(2, 1, "gpt-4o", "", 40, 2)}).usage.total,
            42);
  EXPECT_EQ(
      CountedTotals({PaidTool(1, 0, "search"), Call(2, 1, "gpt-4o", "", 40, 2)}).cost_picodollars,
      5);
  EXPECT_EQ(CountedTotals({PaidTool(1, 0, "search")}).cost_status, CostStatus::kPriced);
  Span stating = PaidTool(1, 0, "search");
  stating.usage = {.input_total = 40, .output_total = 2, .total = 42};
  EXPECT_EQ(CountedTotals({stating}).usage.total, 42);
  EXPECT_EQ(CountedTotals({stating}).cost_picodollars, 5);
  EXPECT_EQ(CountedTokens({stating, Call(2, 1, "gpt-4o", "", 40, 2)}), 42);
}

TEST(RunRulesTest, ChargesOneCallOfAToolOnceHoweverManySpansTellOfIt) {
  const auto cost = [](const std::vector<Span>& spans) {
    return CountedTotals(spans).cost_picodollars;
  };
  EXPECT_EQ(cost({PaidTool(1, 0, "search"), PaidTool(2, 1, "search")}), 5);
  EXPECT_EQ(cost({PaidTool(1, 0, "search", "a"), PaidTool(2, 1, "mcp search", "a")}), 5);
  EXPECT_EQ(cost({PaidTool(1, 0, "search"), PaidTool(2, 1, "fetch")}), 10);
  EXPECT_EQ(cost({PaidTool(1, 0, "Search "), PaidTool(2, 1, "search")}), 5);
  // Only the outer one states what the call used, then only the inner one.
  Span outer = PaidTool(1, 0, "search");
  outer.usage = {.input_total = 40, .output_total = 2, .total = 42};
  EXPECT_EQ(CountedTotals({outer, PaidTool(2, 1, "search")}).usage.total, 42);
  EXPECT_EQ(cost({outer, PaidTool(2, 1, "search")}), 5);
  // The inner one states what a call below it states: its tokens do not count, but one fee does.
  Span inner = PaidTool(2, 1, "search");
  inner.usage = {.input_total = 40, .output_total = 2, .total = 42};
  EXPECT_EQ(cost({PaidTool(1, 0, "search"), inner, Call(3, 2, "gpt-4o", "", 40, 2)}), 5);
  EXPECT_EQ(cost({PaidTool(1, 0, "search", "a"), PaidTool(2, 1, "search", "b")}), 10);
  Span root = Call(1, 0, "gpt-4o", "", 1, 1);
  EXPECT_EQ(cost({root, PaidTool(2, 1, "search"), PaidTool(3, 1, "search")}), 10);
}

// A call that states nothing of what it used.
Span SilentCall(std::uint8_t id, std::uint8_t parent, std::string_view response_id = "") {
  Span span = Call(id, parent, "gpt-4o", "", 0, 0);
  span.usage = {};
  span.response_id = response_id;
  span.cost_status = CostStatus::kUnpriced;
  return span;
}

TEST(RunRulesTest, DoesNotTakeACallWithoutUsageForOneThatCostNothing) {
  Span priced = Call(2, 1, "gpt-4o", "", 40, 2);
  priced.cost_status = CostStatus::kPriced;
  priced.response_id = "r";
  Span agent = Call(1, 0, "", "", 40, 2);
  agent.kind = SpanKind::kAgent;
  Span telling = Call(1, 0, "gpt-4o", "", 40, 2);
  telling.cost_status = CostStatus::kPriced;

  struct Case {
    const char* what;
    std::vector<Span> spans;
    std::uint64_t calls;
    CostStatus status;
  };

  const std::vector<Case> cases = {
      {"alone", {SilentCall(1, 0)}, 1, CostStatus::kUnpriced},
      {"beside another", {priced, SilentCall(3, 1)}, 2, CostStatus::kPartial},
      {"the innermost of its wrappers",
       {SilentCall(1, 0), SilentCall(2, 1)},
       1,
       CostStatus::kUnpriced},
      {"told below", {SilentCall(1, 0), priced}, 1, CostStatus::kPriced},
      {"told above", {telling, SilentCall(2, 1), SilentCall(3, 2)}, 1, CostStatus::kPriced},
      {"told by its agent", {agent, SilentCall(2, 1)}, 0, CostStatus::kNone},
      {"told by another span of the response",
       {priced, SilentCall(3, 1, "r")},
       1,
       CostStatus::kPriced},
      {"below a tool that has a price",
       {PaidTool(1, 0, "search"), SilentCall(2, 1)},
       1,
       CostStatus::kPartial},
  };
  for (const Case& one : cases) {
    const RunTotals totals = CountedTotals(one.spans);
    EXPECT_EQ(totals.model_calls, one.calls) << one.what;
    EXPECT_EQ(totals.cost_status, one.status) << one.what;
  }
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
