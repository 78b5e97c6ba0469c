// SPDX-License-Identifier: Apache-2.0
#include "live/live.h"

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <utility>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/bounded_queue.h"
#include "base/clock.h"
#include "live/span_builder_for_testing.h"

namespace sightline::live {
namespace {

using enum model::SpanKind;

class NoHistory final : public History {
 public:
  bool MayKnow(const model::TraceId&, std::uint64_t) const override { return false; }

  base::Result<model::BatchPtr> Load(const model::TraceId&) override {
    return base::Error(base::Code::kNotFound, "there is no history");
  }

  std::uint64_t sealed_position() const override { return 0; }
};

class LiveTest : public ::testing::Test {
 protected:
  void Start(Live::CatchUp catch_up = [](const std::stop_token&) {}) {
    live_.SetListener([this](const LiveUpdate& update) { updates_.TryPush(LiveUpdate(update)); });
    live_.Start(std::move(catch_up));
  }

  void Arrive(std::initializer_list<SpanBuilder> spans) {
    live_.Add(MakeBatch(++position_, clock_.NowNs(), spans));
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
  NoHistory history_;
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

TEST_F(LiveTest, AddsWhatEarlierProcessesKnew) {
  live_.AddTotals("refunds", {.completed = 40, .failed = 2}, clock_.NowNs() - kMinuteNs);
  live_.AddAgent("triage", clock_.NowNs() - kMinuteNs);
  live_.Resume(MakeBatch(0, 0, {SpanBuilder(1, 2, 1, kLlm)}), clock_.NowNs() - kMinuteNs);
  Start([this](const std::stop_token&) {
    const SpanBuilder root = SpanBuilder(9, 1, 0, kAgent).Workflow("refunds").Failed("Timeout");
    live_.AddPast(std::vector<model::Span>{root.span()});
    const SpanBuilder resumed = SpanBuilder(1, 2, 1, kLlm);
    live_.AddPast(std::vector<model::Span>{resumed.span()});
  });
  Arrive({SpanBuilder(1, 1, 0, kAgent).Workflow("refunds")});
  while (live_.figures().is_catching_up) {
    std::this_thread::yield();
  }
  const Figures figures = live_.figures();
  EXPECT_EQ(figures.runs.completed, 41);
  EXPECT_EQ(figures.runs.running, 0);
  EXPECT_EQ(figures.agents, 1U);
  EXPECT_EQ(figures.workflows, 1U);
  EXPECT_EQ(figures.failed_last_day, 1);
  EXPECT_EQ(live_.rollups().Total(model::Window::k24Hours).counts.steps, 3) << "each run once";
  EXPECT_EQ(live_.figures("refunds").runs.completed, 41);
  EXPECT_EQ(live_.figures("other").runs.total(), 0);
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
  small.Start([](const std::stop_token&) {});
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
