// SPDX-License-Identifier: Apache-2.0
#include <chrono>
#include <cstdint>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "store/embedded/store_for_testing.h"

namespace sightline::store::embedded {
namespace {

using model::CostStatus;

constexpr std::int64_t kForever = std::numeric_limits<std::int64_t>::max();

class CorrectionsTest : public EmbeddedStoreTest {
 protected:
  // Runs 1 to `count`, each of one unpriced call, sealed.
  void AddRuns(std::uint8_t count) {
    for (std::uint8_t i = 1; i <= count; ++i) {
      BatchBuilder batch(++position_, kNoon);
      model::Span& span = batch.AddSpan(i, 2, "call");
      span.start_ns = kNoon + i * kSecond;
      span.cost_status = CostStatus::kUnpriced;
      const std::int64_t start_ns = span.start_ns;
      Commit(batch.Build());
      model::RunRecord run = RunNumber(i, position_);
      run.model_calls = 1;
      run.cost_status = CostStatus::kUnpriced;
      Settle(run);
      model::FactTable& facts = runs_.next_cut.facts;
      facts.facts.push_back({.start_ns = start_ns,
                             .model = facts.NumberOf("acme/m"),
                             .model_calls = 1,
                             .unpriced_calls = 1,
                             .kind = static_cast<std::uint8_t>(model::SpanKind::kLlm)});
    }
    Seal();
  }

  std::int32_t OnlyDay() {
    const auto days = store_->DaysWithRuns(0, kForever, Soon()).value();
    EXPECT_EQ(days.size(), 1U);
    return days.at(0);
  }

  // Gives the call of each run the cost `dollars`.
  static Correction CostOf(const std::vector<SettledRun>& runs, std::int64_t dollars) {
    Correction correction;
    for (const SettledRun& run : runs) {
      const Figure now{.cost = {dollars * model::Money::kUnitsPerDollar},
                       .status = CostStatus::kPriced,
                       .rule = "own:acme/m#" + std::to_string(dollars)};
      const model::Span& span = run.rows->spans.at(0);
      const Figure old{
          .cost = span.cost, .status = span.cost_status, .rule = std::string(span.price_rule)};
      Figure of_run = now;
      of_run.rule.clear();
      correction.runs.push_back({.trace_id = run.trace_id,
                                 .position = run.position,
                                 .changes = {{.span_id = span.span_id, .old = old, .now = now},
                                             {.span_id = {}, .old = {}, .now = of_run}}});
      model::Fact fact{.start_ns = span.start_ns,
                       .cost_picodollars = span.cost.picodollars,
                       .model = correction.facts.NumberOf("acme/m"),
                       .model_calls = 1,
                       .unpriced_calls = span.cost_status == CostStatus::kUnpriced ? 1U : 0U,
                       .kind = static_cast<std::uint8_t>(model::SpanKind::kLlm),
                       .sign = -1};
      correction.facts.facts.push_back(fact);
      fact.sign = 1;
      fact.cost_picodollars = now.cost.picodollars;
      fact.unpriced_calls = 0;
      correction.facts.facts.push_back(fact);
    }
    correction.progress = {.job = "job", .last = Trace(200), .document = "so far"};
    return correction;
  }

  std::vector<model::TraceId> Correct(std::vector<model::TraceId> ids, std::int64_t dollars) {
    std::vector<model::TraceId> corrected;
    const auto done = store_->Correct(
        OnlyDay(), ids,
        [&](const std::vector<SettledRun>& runs) {
          for (const SettledRun& run : runs) {
            corrected.push_back(run.trace_id);
          }
          return CostOf(runs, dollars);
        },
        Soon());
    EXPECT_TRUE(done.has_value()) << done.error().message();
    return corrected;
  }

  model::Span CallOf(std::uint8_t trace) {
    held_ = store_->FetchTrace(Trace(trace), Soon()).value();
    return held_->spans.at(0);
  }

  // Dollars and unpriced calls of all steps.
  std::pair<double, std::int64_t> Sums() {
    query::FactQuery query;
    query.of_runs = false;
    query.start_time_ns = 0;
    query.end_time_ns = kForever;
    const auto answers = store_->SumFacts(std::vector<query::FactQuery>{query}, Soon()).value();
    std::int64_t cost = 0;
    std::int64_t unpriced = 0;
    for (const query::FactGroup& group : answers.at(0)) {
      cost += group.sums.cost_picodollars;
      unpriced += group.sums.unpriced_calls;
    }
    return {static_cast<double>(cost) / model::Money::kUnitsPerDollar, unpriced};
  }

  std::uint64_t position_ = 0;
  Rows held_;
};

TEST_F(CorrectionsTest, TraceListAndSumsAgreeBeforeAndAfterAStart) {
  AddRuns(3);
  EXPECT_EQ(Sums(), (std::pair<double, std::int64_t>(0, 3)));
  EXPECT_EQ(store_->ListRuns({}, Soon()).value().runs.at(0).cost_status, CostStatus::kUnpriced);
  EXPECT_THAT(Correct({Trace(1), Trace(3)}, 5), testing::ElementsAre(Trace(1), Trace(3)));
  for (int i = 0; i < 2; ++i) {
    EXPECT_EQ(CallOf(1).cost.dollars(), 5);
    EXPECT_EQ(CallOf(1).cost_status, CostStatus::kPriced);
    EXPECT_EQ(CallOf(1).price_rule, "own:acme/m#5");
    EXPECT_EQ(CallOf(2).cost_status, CostStatus::kUnpriced);
    const auto page = store_->ListRuns({}, Soon()).value();
    ASSERT_EQ(page.runs.size(), 3U) << "each once";
    EXPECT_EQ(page.runs[0].cost.dollars(), 5);
    EXPECT_EQ(page.runs[0].cost_status, CostStatus::kPriced);
    EXPECT_EQ(page.runs[1].cost_status, CostStatus::kUnpriced);
    EXPECT_EQ(Sums(), (std::pair<double, std::int64_t>(10, 1)));
    Reopen();
  }
  ExpectClean();
}

TEST_F(CorrectionsTest, TheLastOneCountsAndOldFiguresAreKept) {
  AddRuns(1);
  Correct({Trace(1)}, 5);
  clock_.Advance(std::chrono::seconds(1));
  Correct({Trace(1)}, 7);
  EXPECT_EQ(CallOf(1).cost.dollars(), 7);
  EXPECT_EQ(Sums().first, 7);
  const auto old = store_->OldFigures(Trace(1), SpanNumber(2), Soon()).value();
  ASSERT_EQ(old.size(), 2U);
  EXPECT_EQ(old[0].figure.cost.dollars(), 5);
  EXPECT_EQ(old[0].figure.rule, "own:acme/m#5");
  EXPECT_GT(old[0].replaced_ns, old[1].replaced_ns);
  EXPECT_EQ(old[1].figure.status, CostStatus::kUnpriced);
  EXPECT_TRUE(store_->OldFigures(Trace(1), SpanNumber(9), Soon()).value().empty());
}

TEST_F(CorrectionsTest, ARunThatLiveStateHoldsIsLeftOut) {
  AddRuns(2);
  runs_.open.push_back(RunNumber(1, 1));
  EXPECT_THAT(Correct({Trace(1), Trace(2)}, 5), testing::ElementsAre(Trace(2)));
  EXPECT_EQ(CallOf(1).cost_status, CostStatus::kUnpriced);
}

TEST_F(CorrectionsTest, RowsThatCameAfterAreNotTouched) {
  AddRuns(1);
  Correct({Trace(1)}, 5);
  BatchBuilder late(++position_, kNoon);
  model::Span& span = late.AddSpan(1, 2, "call");
  span.start_ns = kNoon;
  span.cost_status = CostStatus::kUnpriced;
  Commit(late.Build());
  Seal();
  EXPECT_EQ(CallOf(1).cost_status, CostStatus::kUnpriced) << "the late one begins first";
  const auto before = store_->FetchSpansBefore(Trace(1), 2, Soon()).value();
  ASSERT_EQ(before->spans.size(), 1U);
  EXPECT_EQ(before->spans[0].cost.dollars(), 5) << "what live state loads is what counts";
}

TEST_F(CorrectionsTest, SaysHowFarAJobHasCome) {
  AddRuns(2);
  EXPECT_FALSE(store_->ProgressOf(OnlyDay(), "job", Soon()).value().has_value());
  Correct({Trace(1)}, 5);
  Correct({Trace(2)}, 5);
  Reopen();
  const auto progress = store_->ProgressOf(OnlyDay(), "job", Soon()).value();
  ASSERT_TRUE(progress.has_value());
  EXPECT_EQ(progress->last, Trace(200));
  EXPECT_EQ(progress->document, "so far");
  EXPECT_FALSE(store_->ProgressOf(OnlyDay(), "other", Soon()).value().has_value());
}

TEST_F(CorrectionsTest, GivesSettledRunsPartByPart) {
  AddRuns(5);
  const std::int32_t day = OnlyDay();
  const auto part = [&](const model::TraceId& after, std::int64_t start, std::int64_t end) {
    return store_->SettledRuns(day, start, end, after, 2, Soon()).value();
  };
  const RunsOfDay first = part({}, 0, kForever);
  EXPECT_THAT(first.ids, testing::ElementsAre(Trace(1), Trace(2)));
  ASSERT_TRUE(first.next.has_value());
  EXPECT_THAT(part(*first.next, 0, kForever).ids, testing::ElementsAre(Trace(3), Trace(4)));
  const RunsOfDay last = part(Trace(4), 0, kForever);
  EXPECT_THAT(last.ids, testing::ElementsAre(Trace(5)));
  EXPECT_FALSE(last.next.has_value());
  EXPECT_THAT(part({}, kNoon + 2 * kSecond, kNoon + 3 * kSecond).ids,
              testing::ElementsAre(Trace(2)));
  EXPECT_TRUE(store_->DaysWithRuns(0, kNoon, Soon()).value().empty());
}

TEST_F(CorrectionsTest, NothingIsWrittenWhenNothingChanges) {
  AddRuns(1);
  const auto done = store_->Correct(
      OnlyDay(), std::vector{Trace(1)}, [](const auto&) { return Correction(); }, Soon());
  EXPECT_TRUE(done.has_value());
  EXPECT_FALSE(store_->ProgressOf(OnlyDay(), "", Soon()).value().has_value());
}

}  // namespace
}  // namespace sightline::store::embedded
