// SPDX-License-Identifier: Apache-2.0
#include "live/runs.h"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <ctime>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/clock.h"
#include "live/history_for_testing.h"
#include "live/span_builder_for_testing.h"

namespace sightline::live {
namespace {

using enum model::SpanKind;

class RunsTest : public ::testing::Test {
 protected:
  void Arrive(std::initializer_list<SpanBuilder> spans) {
    const model::BatchPtr batch = MakeBatch(++position_, clock_.NowNs(), spans);
    history_.Commit(batch);
    runs_->Apply(*batch);
    Load();
    Refresh();
  }

  // Answers all requests.
  void Load() {
    while (const Runs::LoadRequest* request = runs_->NextLoad()) {
      const auto rows = history_.Load(request->trace_id, request->position);
      runs_->Loaded(rows.has_value() ? std::make_unique<RunState>(
                                           SettledState(request->trace_id, (*rows)->spans))
                                     : nullptr);
    }
  }

  void Refresh() {
    rollups_.Advance(clock_.NowNs() / kMinuteNs);
    runs_->Refresh(clock_.NowNs());
    runs_->TakeChanged();
  }

  RecordPtr Find(std::uint8_t trace) const { return runs_->FindRecord(TraceNumber(trace)); }

  bool IsInMemory(std::uint8_t trace) const {
    return runs_->Snapshot(TraceNumber(trace)).has_value();
  }

  void Wait(std::chrono::seconds time) {
    clock_.Advance(time);
    Refresh();
  }

  std::string Totals() const {
    const RunCounts& all = static_cast<const Runs&>(*runs_).totals().all();
    return fmt::format("running {} completed {} failed {} abandoned {}", all.running, all.completed,
                       all.failed, all.abandoned);
  }

  std::string Rolled() const {
    const model::RollupCounts counts = rollups_.Total(model::Window::k24Hours).counts;
    return fmt::format("started {} completed {} steps {} tokens {}", counts.runs_started,
                       counts.runs_completed, counts.steps, counts.input_tokens);
  }

  void Make(const Runs::Options& options) {
    runs_ = std::make_unique<Runs>(options, history_, rollups_, rates_, losses_);
  }

  base::ManualClock clock_{kStartNs + 10 * kMinuteNs};
  base::LossTable losses_;
  Rates rates_{clock_};
  Rollups rollups_{clock_.NowNs() / kMinuteNs};
  RememberedHistory history_;
  std::unique_ptr<Runs> runs_ =
      std::make_unique<Runs>(Runs::Options{}, history_, rollups_, rates_, losses_);
  std::uint64_t position_ = 0;
};

TEST_F(RunsTest, FollowsARunFromItsFirstSignToItsEnd) {
  Arrive({SpanBuilder(1, 1, 0, kAgent).Pending()});
  EXPECT_EQ(Totals(), "running 1 completed 0 failed 0 abandoned 0");
  Arrive({SpanBuilder(1, 2, 1, kLlm).Tokens(10, 1)});
  EXPECT_EQ(Rolled(), "started 1 completed 0 steps 1 tokens 10");
  Arrive({SpanBuilder(1, 1, 0, kAgent)});
  EXPECT_EQ(Totals(), "running 0 completed 1 failed 0 abandoned 0");
  EXPECT_EQ(Rolled(), "started 1 completed 1 steps 2 tokens 10");
}

TEST_F(RunsTest, AbandonsWhatIsSilentAndReopensIt) {
  Arrive({SpanBuilder(1, 2, 1, kLlm)});
  Wait(std::chrono::minutes(4));
  EXPECT_EQ(Totals(), "running 1 completed 0 failed 0 abandoned 0");
  Wait(std::chrono::minutes(2));
  EXPECT_EQ(Totals(), "running 0 completed 0 failed 0 abandoned 1");
  Arrive({SpanBuilder(1, 3, 1, kLlm)});
  EXPECT_EQ(Totals(), "running 1 completed 0 failed 0 abandoned 0");
  Arrive({SpanBuilder(1, 1, 0, kAgent)});
  EXPECT_EQ(Totals(), "running 0 completed 1 failed 0 abandoned 0");
}

TEST_F(RunsTest, LetsGoOfWhatIsOverAndCountsWhatComesLateOnce) {
  Arrive({SpanBuilder(1, 1, 0, kAgent), SpanBuilder(1, 2, 1, kLlm).Tokens(10, 1)});
  EXPECT_TRUE(IsInMemory(1));
  Wait(std::chrono::minutes(1));
  EXPECT_FALSE(IsInMemory(1));
  EXPECT_EQ(runs_->size().spans, 0U);
  EXPECT_EQ(Rolled(), "started 1 completed 1 steps 2 tokens 10") << "what it added stays";
  Arrive({SpanBuilder(1, 3, 1, kLlm).Tokens(5, 1)});
  EXPECT_EQ(history_.loads(), 1);
  EXPECT_EQ(Totals(), "running 0 completed 1 failed 0 abandoned 0");
  EXPECT_EQ(Rolled(), "started 1 completed 1 steps 3 tokens 15");
}

TEST_F(RunsTest, ReopensARunThatWasAbandonedAndForgotten) {
  Arrive({SpanBuilder(1, 2, 1, kLlm).Tokens(10, 1)});
  Wait(std::chrono::minutes(6));
  Wait(std::chrono::minutes(6));
  EXPECT_FALSE(IsInMemory(1));
  Arrive({SpanBuilder(1, 1, 0, kAgent).Failed("Timeout")});
  EXPECT_EQ(Totals(), "running 0 completed 0 failed 1 abandoned 0");
  EXPECT_EQ(Rolled(), "started 1 completed 0 steps 2 tokens 10");
}

TEST_F(RunsTest, LeavesARunAsItWasWhileItsOldSpansAreLoaded) {
  Arrive({SpanBuilder(1, 1, 0, kAgent), SpanBuilder(1, 2, 1, kLlm).Tokens(10, 1)});
  Wait(std::chrono::minutes(1));
  std::move(runs_->TakeCut()).Finish();
  EXPECT_EQ(Find(1), nullptr) << "durable storage has it";
  // Two batches before anything is loaded.
  for (std::uint8_t span = 3; span <= 4; ++span) {
    const model::BatchPtr batch =
        MakeBatch(++position_, clock_.NowNs(), {SpanBuilder(1, span, 1, kLlm).Tokens(5, 1)});
    history_.Commit(batch);
    runs_->Apply(*batch);
  }
  Wait(std::chrono::minutes(6));
  EXPECT_EQ(Find(1), nullptr);
  EXPECT_FALSE(IsInMemory(1));
  EXPECT_EQ(runs_->size().waiting_runs, 1U);
  EXPECT_EQ(runs_->refreshed_position(), position_ - 2);
  EXPECT_EQ(runs_->open_position(), position_);
  EXPECT_TRUE(runs_->TakeCut().is_empty());
  EXPECT_EQ(Rolled(), "started 1 completed 1 steps 2 tokens 10");
  ASSERT_NE(runs_->NextLoad(), nullptr);
  EXPECT_EQ(runs_->NextLoad()->position, position_ - 1);
  Load();
  Refresh();
  ASSERT_NE(Find(1), nullptr);
  EXPECT_EQ(Find(1)->span_count, 4U);
  EXPECT_EQ(runs_->refreshed_position(), position_);
  EXPECT_EQ(Rolled(), "started 1 completed 1 steps 4 tokens 20");
  EXPECT_EQ(Totals(), "running 0 completed 1 failed 0 abandoned 0");
}

TEST_F(RunsTest, CountsARunThatCannotBeLoadedAsIfItWereNew) {
  Arrive({SpanBuilder(1, 1, 0, kAgent), SpanBuilder(1, 2, 1, kLlm).Tokens(10, 1)});
  Wait(std::chrono::minutes(1));
  history_.SetFails(true);
  Arrive({SpanBuilder(1, 1, 0, kAgent)});
  EXPECT_EQ(losses_.count(base::Loss::kLiveRunNotLoaded), 1U);
  EXPECT_EQ(Totals(), "running 0 completed 2 failed 0 abandoned 0");
  EXPECT_EQ(Rolled(), "started 2 completed 2 steps 3 tokens 10");
}

TEST_F(RunsTest, ListsWhatSettledUntilItIsHandedOver) {
  Arrive({SpanBuilder(1, 1, 0, kAgent).Run("run-7")});
  Wait(std::chrono::minutes(1));
  EXPECT_EQ(runs_->Records().size(), 1U);
  ASSERT_NE(runs_->FindRecordByRunId("run-7"), nullptr);
  Arrive({SpanBuilder(1, 2, 1, kLlm)});
  ASSERT_EQ(runs_->Records().size(), 1U) << "the newer version alone";
  EXPECT_EQ(runs_->Records()[0]->span_count, 2U);
  Wait(std::chrono::minutes(1));
  const model::LiveCut cut = std::move(runs_->TakeCut()).Finish();
  ASSERT_EQ(cut.settled.size(), 1U);
  EXPECT_EQ(cut.settled[0].span_count, 2U);
  EXPECT_TRUE(runs_->Records().empty());
  EXPECT_EQ(runs_->FindRecordByRunId("run-7"), nullptr);
}

TEST_F(RunsTest, ForgetsTheRunIdOfAnOlderTraceOnly) {
  Arrive({SpanBuilder(1, 1, 0, kAgent).Run("run-7")});
  Wait(std::chrono::seconds(20));
  Arrive({SpanBuilder(2, 1, 0, kAgent).Run("run-7").Pending()});
  Wait(std::chrono::seconds(20));
  EXPECT_FALSE(IsInMemory(1));
  ASSERT_NE(runs_->FindRecordByRunId("run-7"), nullptr);
  EXPECT_EQ(runs_->FindRecordByRunId("run-7")->trace_id, TraceNumber(2));
}

TEST_F(RunsTest, MovesItsFiguresWhenTheWorkflowBecomesKnown) {
  Arrive({SpanBuilder(1, 2, 1, kLlm).Tokens(10, 1)});
  Arrive({SpanBuilder(1, 1, 0, kAgent).Workflow("refunds")});
  const auto groups = rollups_.GroupBy(model::Window::k24Hours, model::Dimension::kWorkflow);
  ASSERT_EQ(groups.size(), 1U);
  EXPECT_EQ(groups.begin()->first, "refunds");
  EXPECT_EQ(groups.begin()->second.counts.input_tokens, 10);
  EXPECT_EQ(static_cast<const Runs&>(*runs_).totals().of("refunds").completed, 1);
  EXPECT_EQ(static_cast<const Runs&>(*runs_).totals().of("shop/llm").total(), 0);
}

TEST_F(RunsTest, AbandonsTheOldestWhenTooManyAreOpen) {
  Make({.max_open_runs = 2});
  Arrive({SpanBuilder(1, 2, 1, kLlm)});
  Arrive({SpanBuilder(2, 2, 1, kLlm)});
  Arrive({SpanBuilder(3, 2, 1, kLlm)});
  EXPECT_EQ(Totals(), "running 2 completed 0 failed 0 abandoned 1");
  EXPECT_EQ(Find(1)->status, model::RunStatus::kAbandoned);
  EXPECT_EQ(losses_.count(base::Loss::kRunAbandonedEarly), 1U);
}

TEST_F(RunsTest, HoldsABoundedNumberOfSpans) {
  Make({.max_spans = 4});
  for (std::uint8_t trace = 1; trace <= 20; ++trace) {
    Arrive({SpanBuilder(trace, 1, 0, kAgent), SpanBuilder(trace, 2, 1, kLlm)});
    EXPECT_LE(runs_->size().spans, 8U);
  }
  EXPECT_EQ(Totals(), "running 0 completed 20 failed 0 abandoned 0");
  Arrive({SpanBuilder(1, 3, 1, kTool)});
  EXPECT_EQ(Rolled(), "started 20 completed 20 steps 41 tokens 0") << "loaded again, not twice";
}

TEST_F(RunsTest, HoldsABoundedNumberOfBytes) {
  constexpr std::size_t kBytes = 100'000;
  Make({.max_bytes = kBytes});
  for (std::uint32_t trace = 1; trace <= 1000; ++trace) {
    Arrive({SpanBuilder(1, 2, 1, kLlm).Trace(trace)});  // They never end.
    std::move(runs_->TakeCut()).Finish();
    ASSERT_LE(runs_->size().bytes, kBytes);
  }
  EXPECT_GT(runs_->size().runs, 50U);
  EXPECT_EQ(losses_.count(base::Loss::kRunAbandonedEarly), 1000 - runs_->size().runs);
  Arrive({SpanBuilder(1, 1, 0, kAgent).Trace(1)});
  EXPECT_EQ(Rolled(), "started 1000 completed 1 steps 1001 tokens 0") << "loaded, not twice";
}

TEST_F(RunsTest, CutsARunThatIsTooLarge) {
  Make({.max_spans_of_run = 2});
  Arrive({SpanBuilder(1, 2, 1, kLlm), SpanBuilder(1, 3, 1, kLlm), SpanBuilder(1, 4, 1, kLlm)});
  EXPECT_EQ(losses_.count(base::Loss::kLiveSpanOverLimit), 1U);
  EXPECT_EQ(runs_->size().spans, 2U);
  Arrive({SpanBuilder(1, 1, 0, kAgent)});
  EXPECT_EQ(Totals(), "running 0 completed 1 failed 0 abandoned 0") << "roots stay";
  EXPECT_EQ(runs_->size().spans, 2U);
}

TEST_F(RunsTest, FindsARunByItsOwnId) {
  Arrive({SpanBuilder(1, 1, 0, kAgent).Run("run-7").Pending()});
  ASSERT_NE(runs_->FindRecordByRunId("run-7"), nullptr);
  EXPECT_EQ(runs_->FindRecordByRunId("run-7")->trace_id, TraceNumber(1));
  EXPECT_EQ(runs_->FindRecordByRunId("run-8"), nullptr);
  Arrive({SpanBuilder(1, 1, 0, kAgent).Run("run-8")});
  EXPECT_EQ(runs_->FindRecordByRunId("run-7"), nullptr) << "its end knows better";
  EXPECT_NE(runs_->FindRecordByRunId("run-8"), nullptr);
}

// Six runs from 1970 to now last longer than 64 bits of nanoseconds can say.
TEST_F(RunsTest, AddsUpDurationsOfCenturies) {
  for (std::uint8_t trace = 1; trace <= 8; ++trace) {
    Arrive({SpanBuilder(trace, 1, 0, kAgent).Between(0, trace < 7 ? kStartNs : INT64_MAX)});
  }
  const RunCounts& all = static_cast<const Runs&>(*runs_).totals().all();
  EXPECT_EQ(all.completed, 8);
  EXPECT_NEAR(all.completed_seconds(),
              6.0 * static_cast<double>(kStartNs) / 1e9 + 2.0 * 9.223372036854775807e9, 1e3);
  Wait(std::chrono::minutes(1));
  const model::LiveCut cut = std::move(runs_->TakeCut()).Finish();
  ASSERT_EQ(cut.workflows.size(), 1U);
  EXPECT_NEAR(cut.workflows[0].completed_seconds, all.completed_seconds(), 1e3);
}

TEST_F(RunsTest, TakesInManyNamesOfOneMomentAtOnce) {
  std::vector<std::string> names;
  std::vector<SpanBuilder> spans;
  for (std::uint32_t i = 0; i < 60'000; ++i) {
    names.push_back(fmt::format("agent-{}", i));
  }
  for (std::uint32_t i = 0; i < names.size(); ++i) {
    // Half of them in one run, half in runs of their own.
    spans.push_back(SpanBuilder(1, 2, 1, kLlm).Span(i + 1).Agent(names[i]));
    spans.back().Trace(i % 2 == 0 ? 0 : i);
  }
  const std::clock_t began = std::clock();  // Of the CPU, which others may be using.
  runs_->Apply(*MakeBatch(++position_, clock_.NowNs(), spans));
  Refresh();
  const auto took = static_cast<double>(std::clock() - began) / CLOCKS_PER_SEC;
  EXPECT_LT(took, 15) << "quadratic ones take minutes";
  EXPECT_EQ(static_cast<const Runs&>(*runs_).totals().agents.count(), 60'000U);
  EXPECT_EQ(runs_->FindRecord(SpanBuilder::LargeTraceNumber(0))->agents.size(), 64U);
}

// Runs of one span that stream through: what is held does not grow.
TEST_F(RunsTest, StaysFlatWhileRunsStreamThrough) {
  std::size_t most = 0;
  for (std::uint32_t batch = 0; batch < 200; ++batch) {
    std::vector<SpanBuilder> spans;
    for (std::uint32_t i = 0; i < 256; ++i) {
      spans.push_back(SpanBuilder(1, 1, 0, kLlm).Trace(batch * 256 + i));
    }
    runs_->Apply(*MakeBatch(++position_, clock_.NowNs(), spans));
    Wait(std::chrono::seconds(1));
    std::move(runs_->TakeCut()).Finish();
    most = std::max(most, runs_->size().runs);
  }
  EXPECT_LE(most, 32 * 256U) << "those of the quiet time";
  EXPECT_EQ(Totals(), "running 0 completed 51200 failed 0 abandoned 0");
}

TEST_F(RunsTest, HoldsARunOfOneSpanInAboutAKilobyte) {
  std::vector<SpanBuilder> spans;
  for (std::uint32_t i = 0; i < 1000; ++i) {
    spans.push_back(SpanBuilder(1, 2, 1, kLlm).Trace(i).Tokens(10, 5));
  }
  runs_->Apply(*MakeBatch(++position_, clock_.NowNs(), spans));
  Refresh();
  EXPECT_LE(runs_->size().bytes, 1160U * 1000);
}

TEST_F(RunsTest, RaisesSignsWhileARunGoesOnAndNoneOnceItIsOver) {
  for (std::uint8_t span = 2; span <= 4; ++span) {
    Arrive({SpanBuilder(1, span, 1, kTool).Arguments(7)});
  }
  ASSERT_EQ(runs_->SignsOf(TraceNumber(1)).size(), 1U);
  EXPECT_EQ(runs_->SignsOf(TraceNumber(1))[0].kind, SignKind::kRepeatedCall);
  EXPECT_EQ(runs_->raised_signs()[static_cast<std::size_t>(SignKind::kRepeatedCall)], 1U);
  Wait(std::chrono::seconds(61));
  ASSERT_EQ(runs_->SignsOf(TraceNumber(1)).size(), 2U);
  EXPECT_EQ(runs_->SignsOf(TraceNumber(1))[1].kind, SignKind::kSilent);
  Arrive({SpanBuilder(1, 1, 0, kAgent)});
  EXPECT_TRUE(runs_->SignsOf(TraceNumber(1)).empty());
}

TEST_F(RunsTest, KnowsFromEarlierRunsWhatTakesUnusuallyLong) {
  for (std::uint8_t trace = 1; trace <= 20; ++trace) {
    Arrive({SpanBuilder(trace, 1, 0, kAgent).Lasting(1, 3)});
  }
  const double now_s = static_cast<double>(clock_.NowNs() - kStartNs) / 1e9;
  Arrive({SpanBuilder(99, 1, 0, kAgent).Lasting(now_s, now_s).Pending()});
  EXPECT_TRUE(runs_->SignsOf(TraceNumber(99)).empty());
  Wait(std::chrono::seconds(10));
  ASSERT_EQ(runs_->SignsOf(TraceNumber(99)).size(), 1U);
  EXPECT_EQ(runs_->SignsOf(TraceNumber(99))[0].kind, SignKind::kStepOverdue);
  EXPECT_EQ(runs_->SignsOf(TraceNumber(99))[0].span_id, SpanNumber(1));
}

TEST_F(RunsTest, IgnoresAStartAfterTheEnd) {
  Arrive({SpanBuilder(1, 1, 0, kAgent)});
  Arrive({SpanBuilder(1, 1, 0, kAgent).Pending()});
  EXPECT_EQ(Totals(), "running 0 completed 1 failed 0 abandoned 0");
  EXPECT_EQ(losses_.count(base::Loss::kPendingAfterFinal), 1U);
}

}  // namespace
}  // namespace sightline::live
