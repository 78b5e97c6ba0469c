// SPDX-License-Identifier: Apache-2.0
#include "repricing/run_pricing.h"

#include <memory>
#include <string_view>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "live/span_builder_for_testing.h"
#include "pricing/embedded_prices.h"
#include "pricing/own_price.h"
#include "pricing/own_price_table.h"

namespace sightline::repricing {
namespace {

using live::SpanBuilder;
using model::CostStatus;
using model::SpanKind;

// A book in which acme/m costs so many dollars per million tokens of input.
pricing::PriceBook BookWith(double dollars) {
  pricing::OwnPrice price =
      pricing::ParseOwnPrice(
          "acme", "m",
          R"({"effective_from":"2020-01-01","prices":{"input":)" + std::to_string(dollars) + "}}",
          0)
          .value();
  pricing::NameRule(price, 1);
  return pricing::PriceBook::Create(pricing::EmbeddedPrices())
      .value()
      .WithOwn(pricing::OwnPriceTable({price}));
}

// A run of an agent with a call of a million tokens, priced as the span says.
store::SettledRun RunOf(std::uint8_t trace, std::int64_t picodollars, CostStatus status) {
  model::Span root = SpanBuilder(trace, 1, 0, SpanKind::kAgent).Agent("a").span();
  model::Span call = SpanBuilder(trace, 2, 1, SpanKind::kLlm).Tokens(1'000'000, 0).span();
  call.cost.picodollars = picodollars;
  call.cost_status = status;
  auto rows = std::make_shared<model::Batch>();
  rows->spans = {root, call};
  return {.trace_id = root.trace_id, .position = 7, .received_ns = root.end_ns, .rows = rows};
}

constexpr std::int64_t kDollar = model::Money::kUnitsPerDollar;

Repriced Price(const store::SettledRun& run, double dollars) {
  const pricing::PriceBook book = BookWith(dollars);
  return PriceRuns(std::span(&run, 1), book, 1000);
}

TEST(RunPricingTest, PricesWhatHadNoPriceAndCorrectsSums) {
  const Repriced repriced = Price(RunOf(1, 0, CostStatus::kUnpriced), 2);
  EXPECT_EQ(repriced.difference.runs, 1);
  EXPECT_EQ(repriced.difference.changed_runs, 1);
  const ModelDifference expected{
      .calls = 1, .new_cost = 2 * kDollar, .unpriced_before = 1, .unpriced_after = 0};
  EXPECT_EQ(repriced.difference.models.at("acme/m"), expected);
  ASSERT_EQ(repriced.correction.runs.size(), 1U);
  const store::Correction::Run& run = repriced.correction.runs[0];
  EXPECT_EQ(run.position, 7U);
  ASSERT_EQ(run.changes.size(), 2U) << "the call and the run";
  EXPECT_EQ(run.changes[0].span_id, model::SpanNumber(2));
  EXPECT_EQ(run.changes[0].old.status, CostStatus::kUnpriced);
  EXPECT_EQ(run.changes[0].now.cost.picodollars, 2 * kDollar);
  EXPECT_TRUE(run.changes[0].now.rule.starts_with("own:acme/m@"));
  EXPECT_TRUE(run.changes[1].span_id.is_zero());
  EXPECT_EQ(run.changes[1].now.cost.picodollars, 2 * kDollar);
  EXPECT_EQ(run.changes[1].now.status, CostStatus::kPriced);

  std::int64_t cost = 0;
  std::int64_t unpriced = 0;
  std::int64_t calls = 0;
  std::int64_t runs = 0;
  for (const model::Fact& fact : repriced.correction.facts.facts) {
    if (fact.kind == model::Fact::kRun) {
      runs += fact.sign;
    }
    cost += fact.sign * fact.cost_picodollars;
    unpriced += fact.sign * static_cast<std::int64_t>(fact.unpriced_calls);
    calls += fact.sign * static_cast<std::int64_t>(fact.model_calls);
  }
  EXPECT_EQ(cost, 2 * 2 * kDollar) << "of the call and of the run";
  EXPECT_EQ(unpriced, -2);
  EXPECT_EQ(calls, 0);
  EXPECT_EQ(runs, 0);
  ASSERT_EQ(repriced.correction.rollups.size(), 1U);
  EXPECT_EQ(repriced.correction.rollups[0].counts.cost_picodollars, 2 * kDollar);
  EXPECT_EQ(repriced.correction.rollups[0].counts.unpriced_calls, -1);
  EXPECT_EQ(repriced.correction.rollups[0].counts.model_calls, 0);
}

TEST(RunPricingTest, LeavesFactsOfOtherStepsAlone) {
  const Repriced repriced = Price(RunOf(1, kDollar, CostStatus::kPriced), 3);
  EXPECT_EQ(repriced.correction.facts.facts.size(), 4U) << "old and new, of the call and the run";
}

TEST(RunPricingTest, TheSamePriceChangesNothing) {
  const Repriced repriced = Price(RunOf(1, 3 * kDollar, CostStatus::kPriced), 3);
  EXPECT_EQ(repriced.difference.changed_runs, 0);
  EXPECT_EQ(repriced.difference.models.at("acme/m"),
            (ModelDifference{.calls = 1, .old_cost = 3 * kDollar, .new_cost = 3 * kDollar}));
  EXPECT_TRUE(repriced.correction.runs.empty());
  EXPECT_TRUE(repriced.correction.facts.facts.empty());
  EXPECT_TRUE(repriced.correction.rollups.empty());
}

TEST(RunPricingTest, WhatTheSenderStatesStays) {
  const Repriced repriced = Price(RunOf(1, kDollar, CostStatus::kReported), 3);
  EXPECT_TRUE(repriced.correction.runs.empty());
  EXPECT_EQ(repriced.difference.models.at("acme/m").new_cost, kDollar);
}

TEST(RunPricingTest, StepsOfAToolGetAndLoseItsFee) {
  store::SettledRun run = RunOf(1, kDollar, CostStatus::kReported);
  auto rows = std::make_shared<model::Batch>();
  rows->spans = run.rows->spans;
  rows->spans.push_back(SpanBuilder(1, 3, 1, SpanKind::kTool).span());
  rows->spans.back().tool_name = "search";
  rows->spans.back().display_name = "search";
  run.rows = rows;
  pricing::OwnPrice fee =
      pricing::ParseOwnPrice("tool", "search", R"({"per_call":{"request":2}})", 0).value();
  pricing::NameRule(fee, 4);
  const pricing::PriceBook without = pricing::PriceBook::Create(pricing::EmbeddedPrices()).value();
  const pricing::PriceBook with = without.WithOwn(pricing::OwnPriceTable({fee}));

  const Repriced charged = PriceRuns(std::span(&run, 1), with, 1000);
  EXPECT_EQ(charged.difference.models.at("tool/search"),
            (ModelDifference{.calls = 1, .new_cost = 2 * kDollar}));
  ASSERT_EQ(charged.correction.runs.size(), 1U);
  const std::vector<store::FigureChange>& changes = charged.correction.runs[0].changes;
  ASSERT_EQ(changes.size(), 2U) << "the step and the run";
  EXPECT_EQ(changes[0].old.status, CostStatus::kNone);
  EXPECT_EQ(changes[0].now.status, CostStatus::kPriced);
  EXPECT_EQ(changes[0].now.rule, fee.rule.versioned_id);
  EXPECT_EQ(changes[1].now.cost.picodollars, 3 * kDollar) << "the call and the fee";

  EXPECT_TRUE(PriceRuns(std::span(&run, 1), without, 1000).correction.runs.empty());
  auto priced = std::make_shared<model::Batch>();
  priced->spans = rows->spans;
  priced->spans.back().cost.picodollars = 2 * kDollar;
  priced->spans.back().cost_status = CostStatus::kPriced;
  run.rows = priced;
  EXPECT_TRUE(PriceRuns(std::span(&run, 1), with, 1000).correction.runs.empty());
  const Repriced freed = PriceRuns(std::span(&run, 1), without, 1000);
  EXPECT_EQ(freed.difference.models.at("tool/search"),
            (ModelDifference{.calls = 1, .old_cost = 2 * kDollar}));
  EXPECT_EQ(freed.correction.runs.at(0).changes.at(0).now.status, CostStatus::kNone);
}

TEST(RunPricingTest, TheRowOfASpanThatCountsIsPriced) {
  store::SettledRun run = RunOf(1, 0, CostStatus::kUnpriced);
  auto rows = std::make_shared<model::Batch>();
  rows->spans = run.rows->spans;
  model::Span earlier = rows->spans[1];
  earlier.end_ns -= 1;
  earlier.usage.input_total = 5;
  rows->spans.push_back(earlier);
  run.rows = rows;
  const Repriced repriced = Price(run, 2);
  ASSERT_EQ(repriced.correction.runs.size(), 1U);
  EXPECT_EQ(repriced.correction.runs[0].changes[0].now.cost.picodollars, 2 * kDollar);
}

}  // namespace
}  // namespace sightline::repricing
