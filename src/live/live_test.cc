// SPDX-License-Identifier: Apache-2.0
#include "live/live.h"

#include <chrono>
#include <memory>
#include <new>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/bounded_queue.h"
#include "base/clock.h"
#include "live/history_for_testing.h"
#include "live/span_builder_for_testing.h"

namespace sightline::live {
namespace {

using enum model::SpanKind;

class LiveTest : public ::testing::Test {
 protected:
  void Start() {
    live_.SetListener([this](const LiveUpdate& update) { updates_.TryPush(LiveUpdate(update)); });
    live_.Start();
  }

  static std::chrono::steady_clock::time_point Soon() {
    return std::chrono::steady_clock::now() + std::chrono::seconds(30);
  }

  void Arrive(std::initializer_list<SpanBuilder> spans) {
    const model::BatchPtr batch = MakeBatch(++position_, clock_.NowNs(), spans);
    history_.Commit(batch);
    live_.Add(batch);
    live_.Flush();
  }

  // What the listener was told since the last call, runs and spans together.
  LiveUpdate Told() {
    LiveUpdate all;
    while (std::optional<LiveUpdate> update = updates_.PopFor(std::chrono::nanoseconds(0))) {
      all.has_new_figures = all.has_new_figures || update->has_new_figures;
      all.runs.insert(all.runs.end(), update->runs.begin(), update->runs.end());
      all.spans.insert(all.spans.end(), update->spans.begin(), update->spans.end());
    }
    return all;
  }

  base::ManualClock clock_{kStartNs + 10 * kMinuteNs};
  base::LossTable losses_;
  RememberedHistory history_;
  base::BoundedQueue<LiveUpdate> updates_{1000};
  Live live_{{}, history_, clock_, losses_};
  std::uint64_t position_ = 0;
};

TEST_F(LiveTest, TellsOfChangesOnlyToThoseWhoWatch) {
  Start();
  Arrive({SpanBuilder(1, 1, 0, kAgent).Pending()});
  LiveUpdate told = Told();
  EXPECT_TRUE(told.has_new_figures);
  EXPECT_TRUE(told.runs.empty());
  EXPECT_TRUE(told.spans.empty());
  live_.WatchRun(TraceNumber(1).ToHex());
  live_.WatchSpans(TraceNumber(1));
  clock_.Advance(std::chrono::seconds(1));
  Arrive({SpanBuilder(1, 2, 1, kLlm), SpanBuilder(2, 2, 1, kLlm)});
  told = Told();
  ASSERT_EQ(told.runs.size(), 1U);
  EXPECT_EQ(told.runs[0]->steps.size(), 2U);
  ASSERT_EQ(told.spans.size(), 1U);
  EXPECT_EQ(told.spans[0].spans.size(), 1U);
  live_.UnwatchRun(TraceNumber(1).ToHex());
  live_.UnwatchSpans(TraceNumber(1));
  Arrive({SpanBuilder(1, 3, 1, kLlm)});
  told = Told();
  EXPECT_TRUE(told.runs.empty());
  EXPECT_TRUE(told.spans.empty());
}

TEST_F(LiveTest, TellsOfARunThatWasWatchedBeforeItStarted) {
  Start();
  live_.WatchRun("run-7");
  Arrive({SpanBuilder(1, 1, 0, kAgent).Run("run-7").Pending()});
  const LiveUpdate told = Told();
  ASSERT_EQ(told.runs.size(), 1U);
  EXPECT_EQ(told.runs[0]->summary.execution_id, "run-7");
}

TEST_F(LiveTest, TellsOfTheEndAtOnce) {
  Start();
  live_.WatchRun(TraceNumber(1).ToHex());
  Arrive({SpanBuilder(1, 1, 0, kAgent).Pending()});
  Arrive({SpanBuilder(1, 1, 0, kAgent)});
  const LiveUpdate told = Told();
  ASSERT_FALSE(told.runs.empty());
  EXPECT_EQ(told.runs.back()->summary.status, model::RunStatus::kCompleted);
}

TEST_F(LiveTest, GoesOnWhenAListenerThrows) {
  Start();
  live_.SetListener([](const LiveUpdate&) { throw std::bad_alloc(); });
  Arrive({SpanBuilder(1, 1, 0, kAgent)});
  EXPECT_EQ(losses_.count(base::Loss::kTaskFailed), 1U);
  live_.SetListener([this](const LiveUpdate& update) { updates_.TryPush(LiveUpdate(update)); });
  Arrive({SpanBuilder(2, 1, 0, kAgent)});
  EXPECT_TRUE(Told().has_new_figures);
  EXPECT_EQ(live_.figures().runs.completed, 2);
}

TEST_F(LiveTest, AddsWhatEarlierProcessesKnew) {
  live_.AddTotals(std::vector<model::WorkflowDelta>{
      {.workflow_id = "refunds", .completed = 40, .failed = 2, .completed_seconds = 80}});
  live_.AddAgents(std::vector<model::NameSeen>{
      {.name = "triage", .last_received_ns = clock_.NowNs() - kMinuteNs}});
  // It had settled with its first step, then went on.
  const std::vector<model::Span> old_rows = {SpanBuilder(1, 2, 1, kLlm).span()};
  const std::vector<model::Span> rows = {old_rows[0], SpanBuilder(1, 3, 1, kLlm).span()};
  live_.AddTotals(std::vector<model::WorkflowDelta>{{.workflow_id = "shop/llm", .abandoned = 1}});
  live_.AddRollups(SettledState(TraceNumber(1), old_rows).contribution());
  live_.Resume(old_rows, rows, clock_.NowNs() - kMinuteNs, 7);
  live_.SetCatchingUp(true);
  position_ = 7;
  Start();
  EXPECT_TRUE(live_.figures().is_catching_up);
  EXPECT_EQ(live_.figures().runs.running, 1);
  EXPECT_EQ(live_.figures().runs.abandoned, 0);
  Arrive({SpanBuilder(1, 1, 0, kAgent).Workflow("refunds")});
  const SpanBuilder failed = SpanBuilder(9, 1, 0, kAgent).Workflow("refunds").Failed("Timeout");
  live_.AddRollups(SettledState(TraceNumber(9), {failed.span()}).contribution());
  live_.SetCatchingUp(false);
  const Figures figures = live_.figures();
  EXPECT_FALSE(figures.is_catching_up);
  EXPECT_EQ(figures.runs.completed, 41);
  EXPECT_EQ(figures.runs.running, 0);
  EXPECT_EQ(figures.runs.abandoned, 0);
  EXPECT_EQ(figures.agents, 1U);
  EXPECT_EQ(figures.failed_last_day, 1);
  EXPECT_EQ(live_.rollups().Total(model::Window::k24Hours).counts.steps, 4) << "each span once";
  EXPECT_EQ(live_.figures("refunds").runs.completed, 41);
  EXPECT_EQ(live_.figures("other").runs.total(), 0);
  clock_.Advance(std::chrono::minutes(1));
  live_.Flush();
  const model::LiveCut cut = live_.TakeCut();
  ASSERT_EQ(cut.settled.size(), 1U);
  EXPECT_EQ(cut.position, 8U);
  EXPECT_EQ(cut.open_position, 9U);
  std::int64_t steps = 0;
  for (const model::RollupEntry& entry : cut.rollups) {
    steps += entry.counts.steps;
  }
  EXPECT_EQ(steps, 2) << "without what was counted before";
}

TEST_F(LiveTest, ListsRunsAsOfTheLastBatch) {
  Start();
  live_.Add(MakeBatch(++position_, clock_.NowNs(), {SpanBuilder(1, 1, 0, kAgent).Run("run-7")}));
  ASSERT_TRUE(live_.WaitFor(position_, Soon()));
  std::vector<std::string> ids;
  live_.VisitRuns([&](const model::RunRecord& record) {
    ids.push_back(record.execution_id());
    return true;
  });
  EXPECT_EQ(ids, std::vector<std::string>{"run-7"});
  ASSERT_NE(live_.FindRecord("run-7"), nullptr);
  EXPECT_EQ(live_.FindRecord(TraceNumber(1).ToHex()), live_.FindRecord("run-7"));
  EXPECT_EQ(live_.FindRecord("run-8"), nullptr);
}

TEST_F(LiveTest, DoesNotWaitForWhatNeverComes) {
  live_.Start(12);
  EXPECT_TRUE(live_.WaitFor(12, Soon())) << "durable storage has it";
  EXPECT_FALSE(live_.WaitFor(13, std::chrono::steady_clock::now()));
}

TEST_F(LiveTest, SaysHowLateItIs) {
  EXPECT_EQ(live_.lag(), 0);
  live_.Add(MakeBatch(1, clock_.NowNs(), {SpanBuilder(1, 1, 0, kAgent)}));
  clock_.Advance(std::chrono::seconds(3));
  EXPECT_EQ(live_.lag(), 3000) << "nobody takes it in yet";
  EXPECT_EQ(live_.figures().lag_ms, 3000);
  EXPECT_TRUE(live_.figures().is_catching_up);
  Start();
  ASSERT_TRUE(live_.WaitFor(1, Soon()));
  EXPECT_EQ(live_.lag(), 0);
  EXPECT_FALSE(live_.figures().is_catching_up);
  clock_.Advance(std::chrono::seconds(1));
  EXPECT_EQ(live_.rates().snapshot().ingest_lag_ms, 3000);
}

// The loader is slow: nobody else waits for it.
TEST_F(LiveTest, GoesOnWhileOldRunsAreLoaded) {
  base::BoundedQueue<int> go(1);
  history_.on_load = [&](const model::TraceId&) { go.Pop(); };
  Start();
  Arrive({SpanBuilder(1, 1, 0, kAgent)});
  clock_.Advance(std::chrono::minutes(1));
  live_.Flush();
  live_.TakeCut();
  Arrive({SpanBuilder(1, 2, 1, kLlm)});
  Arrive({SpanBuilder(2, 1, 0, kAgent)});
  EXPECT_EQ(live_.figures().runs.completed, 2);
  EXPECT_EQ(live_.FindRun(TraceNumber(1).ToHex()), nullptr);
  EXPECT_FALSE(live_.WaitFor(position_, std::chrono::steady_clock::now()));
  EXPECT_TRUE(live_.TakeCut().settled.empty());
  clock_.Advance(std::chrono::seconds(2));
  EXPECT_TRUE(live_.figures().is_catching_up);
  go.TryPush(1);
  ASSERT_TRUE(live_.WaitFor(position_, Soon()));
  EXPECT_FALSE(live_.figures().is_catching_up);
  EXPECT_EQ(live_.FindRecord(TraceNumber(1).ToHex())->span_count, 2U);
  EXPECT_EQ(live_.figures().runs.completed, 2);
  EXPECT_EQ(history_.loads(), 1);
}

TEST_F(LiveTest, MakesAddersWaitForBytes) {
  Live small({.max_waiting_bytes = 1}, history_, clock_, losses_);
  std::jthread adder([&] {
    for (std::uint64_t position = 1; position <= 50; ++position) {
      small.Add(MakeBatch(position, clock_.NowNs(), {SpanBuilder(1, 2, 1, kLlm)}));
    }
  });
  while (small.stats().waiting_batches < 1) {
    std::this_thread::yield();
  }
  EXPECT_EQ(small.stats().waiting_batches, 1U) << "one may be larger than all that may wait";
  EXPECT_GT(small.stats().waiting_bytes, 800U);
  small.Start();
  adder.join();
  small.Flush();
  EXPECT_EQ(small.stats().waiting_bytes, 0U);
}

TEST_F(LiveTest, MakesAddersWaitInsteadOfGrowing) {
  Live small({.max_waiting_batches = 2}, history_, clock_, losses_);
  std::jthread adder([&] {
    for (std::uint64_t position = 1; position <= 50; ++position) {
      small.Add(MakeBatch(position, clock_.NowNs(), {SpanBuilder(1, 2, 1, kLlm)}));
    }
  });
  while (small.stats().waiting_batches < 2) {
    std::this_thread::yield();
  }
  EXPECT_EQ(small.stats().waiting_batches, 2U);
  small.Start();
  adder.join();
  small.Flush();
  EXPECT_EQ(small.stats().waiting_batches, 0U);
}

TEST_F(LiveTest, TakesInWhatWaitsBeforeItStops) {
  Start();
  for (std::uint8_t trace = 1; trace <= 50; ++trace) {
    live_.Add(MakeBatch(trace, clock_.NowNs(), {SpanBuilder(trace, 1, 0, kAgent)}));
  }
  live_.Stop();
  EXPECT_EQ(live_.figures().runs.completed, 50);
}

}  // namespace
}  // namespace sightline::live
