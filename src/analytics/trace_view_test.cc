// SPDX-License-Identifier: Apache-2.0
#include "analytics/trace_view.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace sightline::analytics {
namespace {

using model::ParentState;
using model::SpanKind;
using ::testing::ElementsAre;

constexpr AssembleOptions kLongAgo{
    .now_ns = 1'000'000, .last_received_ns = 0, .idle_limit_ns = 1000};
constexpr AssembleOptions kNow{.now_ns = 1000, .last_received_ns = 1000, .idle_limit_ns = 1000};

// A span in a few words; times follow the id unless they are set.
class SpanBuilder {
 public:
  SpanBuilder(std::uint8_t id, std::uint8_t parent, SpanKind kind) {
    span_.trace_id.bytes[0] = 1;
    span_.span_id.bytes[7] = id;
    span_.parent_span_id.bytes[7] = parent;
    span_.kind = kind;
    span_.name = model::SpanKindName(kind);
    span_.service = "shop";
    span_.start_ns = id;
    span_.end_ns = 100;
  }

  SpanBuilder& Tokens(std::int64_t input, std::int64_t output) {
    span_.usage.input_total = input;
    span_.usage.output_total = output;
    span_.usage.total = input + output;
    return *this;
  }

  SpanBuilder& Model(std::string_view model) {
    span_.request_model = model;
    return *this;
  }

  SpanBuilder& Response(std::string_view id) {
    span_.response_id = id;
    return *this;
  }

  SpanBuilder& Cost(std::int64_t picodollars, model::CostStatus status) {
    span_.cost.picodollars = picodollars;
    span_.cost_status = status;
    return *this;
  }

  SpanBuilder& With(model::Mark mark) {
    span_.set_mark(mark);
    return *this;
  }

  SpanBuilder& Failed(std::string_view type) {
    span_.has_error = true;
    span_.error_type = type;
    return *this;
  }

  model::Span& operator*() { return span_; }

  operator model::Span() const {
    return span_;
  }  // NOLINT(google-explicit-constructor): reads well in lists.

 private:
  model::Span span_;
};

struct UsageCase {
  std::string_view name;
  std::vector<model::Span> spans;
  std::int64_t want_total;
};

TEST(TraceViewTest, CountsEachCallOnce) {
  const std::vector<UsageCase> cases = {
      {"sum of model calls",
       {SpanBuilder(1, 0, SpanKind::kAgent), SpanBuilder(2, 1, SpanKind::kLlm).Tokens(10, 5),
        SpanBuilder(3, 1, SpanKind::kLlm).Tokens(20, 5),
        SpanBuilder(4, 1, SpanKind::kEmbedding).Tokens(7, 0)},
       47},
      {"roll-up on the agent is not added",
       {SpanBuilder(1, 0, SpanKind::kAgent).Tokens(30, 10),
        SpanBuilder(2, 1, SpanKind::kLlm).Tokens(10, 5),
        SpanBuilder(3, 1, SpanKind::kLlm).Tokens(20, 5)},
       40},
      {"roll-up across two levels",
       {SpanBuilder(1, 0, SpanKind::kWorkflow).Tokens(10, 5),
        SpanBuilder(2, 1, SpanKind::kAgent).Tokens(10, 5),
        SpanBuilder(3, 2, SpanKind::kLlm).Tokens(10, 5)},
       15},
      {"agent alone counts",
       {SpanBuilder(1, 0, SpanKind::kAgent).Tokens(30, 10), SpanBuilder(2, 1, SpanKind::kTool)},
       40},
      {"lifetime usage never counts",
       {SpanBuilder(1, 0, SpanKind::kAgent).Tokens(30, 10).With(model::Mark::kLifetimeUsage)},
       model::Usage::kUnknown},
      {"one response id",
       {SpanBuilder(1, 0, SpanKind::kAgent),
        SpanBuilder(2, 1, SpanKind::kLlm).Tokens(10, 5).Response("r"),
        SpanBuilder(3, 1, SpanKind::kLlm).Tokens(10, 5).Response("r")},
       15},
      {"nested calls of one model and usage",
       {SpanBuilder(1, 0, SpanKind::kLlm).Tokens(10, 5).Model("m"),
        SpanBuilder(2, 1, SpanKind::kLlm).Tokens(10, 5).Model("m")},
       15},
      {"nested calls with a span between",
       {SpanBuilder(1, 0, SpanKind::kLlm).Tokens(10, 5).Model("m"),
        SpanBuilder(2, 1, SpanKind::kOther),
        SpanBuilder(3, 2, SpanKind::kLlm).Tokens(10, 5).Model("m")},
       15},
      {"nested calls of different usage are two",
       {SpanBuilder(1, 0, SpanKind::kLlm).Tokens(10, 5).Model("m"),
        SpanBuilder(2, 1, SpanKind::kLlm).Tokens(3, 1).Model("m")},
       19},
      {"siblings with equal usage are two",
       {SpanBuilder(1, 0, SpanKind::kAgent), SpanBuilder(2, 1, SpanKind::kLlm).Tokens(10, 5),
        SpanBuilder(3, 1, SpanKind::kLlm).Tokens(10, 5)},
       30},
      {"a repeated row is one span",
       {SpanBuilder(1, 0, SpanKind::kLlm).Tokens(10, 5),
        SpanBuilder(1, 0, SpanKind::kLlm).Tokens(10, 5)},
       15},
      {"unknown is not zero", {SpanBuilder(1, 0, SpanKind::kLlm)}, model::Usage::kUnknown},
  };
  for (const UsageCase& c : cases) {
    EXPECT_EQ(AssembleTrace(c.spans, kLongAgo).summary.totals.usage.total, c.want_total) << c.name;
  }
}

TEST(TraceViewTest, SaysWhatOfTheCostIsKnown) {
  using enum model::CostStatus;

  struct Case {
    std::string_view name;
    model::CostStatus first;
    model::CostStatus second;
    model::CostStatus want;
    std::int64_t want_cost;
  };

  const std::vector<Case> cases = {
      {"both priced", kPriced, kPriced, kPriced, 3},
      {"both reported", kReported, kReported, kReported, 3},
      {"priced and reported", kPriced, kReported, kPriced, 3},
      {"one unpriced", kPriced, kUnpriced, kPartial, 1},
      {"both unpriced", kUnpriced, kUnpriced, kUnpriced, 0},
      {"one partial", kPartial, kPriced, kPartial, 3},
  };
  for (const Case& c : cases) {
    const std::vector<model::Span> spans = {
        SpanBuilder(1, 0, SpanKind::kAgent),
        SpanBuilder(2, 1, SpanKind::kLlm).Tokens(1, 1).Cost(1, c.first),
        SpanBuilder(3, 1, SpanKind::kLlm).Tokens(1, 1).Cost(2, c.second)};
    const model::RunTotals totals = AssembleTrace(spans, kLongAgo).summary.totals;
    EXPECT_EQ(totals.cost_status, c.want) << c.name;
    EXPECT_EQ(totals.cost_picodollars, c.want_cost) << c.name;
  }
}

TEST(TraceViewTest, ExplainsMissingParents) {
  const std::vector<model::Span> orphan = {SpanBuilder(2, 9, SpanKind::kLlm)};
  EXPECT_THAT(AssembleTrace(orphan, kNow).states, ElementsAre(ParentState::kNotArrived));
  EXPECT_THAT(AssembleTrace(orphan, kLongAgo).states, ElementsAre(ParentState::kNeverExported));
  const std::vector<model::Span> app_root = {
      SpanBuilder(2, 9, SpanKind::kAgent).With(model::Mark::kAppRoot)};
  EXPECT_THAT(AssembleTrace(app_root, kLongAgo).states, ElementsAre(ParentState::kRoot));
}

TEST(TraceViewTest, CutsCyclesAndKeepsEverySpan) {
  const std::vector<model::Span> spans = {
      SpanBuilder(1, 3, SpanKind::kLlm), SpanBuilder(2, 1, SpanKind::kLlm),
      SpanBuilder(3, 2, SpanKind::kLlm), SpanBuilder(4, 4, SpanKind::kLlm)};
  const TraceView view = AssembleTrace(spans, kLongAgo);
  EXPECT_THAT(view.states, ElementsAre(ParentState::kCycle, ParentState::kPresent,
                                       ParentState::kPresent, ParentState::kCycle));
  EXPECT_EQ(view.spans.size(), 4U);
}

TEST(TraceViewTest, DerivesTheStatusFromTheRoot) {
  struct Case {
    std::string_view name;
    model::Span root;
    AssembleOptions options;
    model::RunStatus want;
  };

  const std::vector<Case> cases = {
      {"root ended well", SpanBuilder(1, 0, SpanKind::kAgent), kNow, model::RunStatus::kCompleted},
      {"root failed", SpanBuilder(1, 0, SpanKind::kAgent).Failed("Timeout"), kNow,
       model::RunStatus::kFailed},
      {"root was cancelled", SpanBuilder(1, 0, SpanKind::kAgent).Failed("CancelledError"), kNow,
       model::RunStatus::kCancelled},
      {"no root yet", SpanBuilder(1, 9, SpanKind::kLlm), kNow, model::RunStatus::kRunning},
      {"a failed child alone does not fail the run", SpanBuilder(1, 9, SpanKind::kLlm).Failed("x"),
       kNow, model::RunStatus::kRunning},
      {"no root for too long", SpanBuilder(1, 9, SpanKind::kLlm), kLongAgo,
       model::RunStatus::kAbandoned},
  };
  for (const Case& c : cases) {
    const std::vector<model::Span> spans = {c.root};
    EXPECT_EQ(AssembleTrace(spans, c.options).summary.status, c.want) << c.name;
  }
}

TEST(TraceViewTest, DropsLogEventsThatASpanTellsBetter) {
  const std::vector<model::Span> spans = {
      SpanBuilder(1, 0, SpanKind::kAgent),
      SpanBuilder(2, 1, SpanKind::kLlm).Tokens(10, 5).Response("r1"),
      SpanBuilder(3, 1, SpanKind::kLlm).Tokens(10, 5).Response("r1").With(model::Mark::kFromLog),
      SpanBuilder(4, 1, SpanKind::kLlm).Tokens(2, 1).Response("r2").With(model::Mark::kFromLog)};
  const TraceView view = AssembleTrace(spans, kLongAgo);
  EXPECT_EQ(view.spans.size(), 3U);
  EXPECT_EQ(view.covered_log_spans, 1U);
  EXPECT_EQ(view.summary.totals.usage.total, 18);
}

TEST(TraceViewTest, NamesTheWorkflowByTheRule) {
  SpanBuilder root(1, 0, SpanKind::kAgent);
  const auto workflow_of = [&] {
    const std::vector<model::Span> spans = {*root};
    return AssembleTrace(spans, kLongAgo).summary.workflow_id;
  };
  (*root).service = "";
  EXPECT_EQ(workflow_of(), "agent");
  (*root).service = "shop";
  EXPECT_EQ(workflow_of(), "shop/agent");
  (*root).agent_name = "triage";
  EXPECT_EQ(workflow_of(), "triage");
  (*root).workflow_name = "refunds";
  EXPECT_EQ(workflow_of(), "refunds");
}

}  // namespace
}  // namespace sightline::analytics
