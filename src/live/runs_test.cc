// SPDX-License-Identifier: Apache-2.0
#include "live/runs.h"

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/clock.h"
#include "live/span_builder_for_testing.h"

namespace sightline::live {
namespace {

using enum model::SpanKind;

// Remembers every batch, as the store does.
class FakeHistory final : public History {
 public:
  void Commit(const model::BatchPtr& batch) {
    for (const auto* spans : {&batch->spans, &batch->pending}) {
      for (const model::Span& span : *spans) {
        auto& trace = traces_[span.trace_id];
        if (trace.rows == nullptr) {
          trace.rows = std::make_shared<model::Batch>();
          trace.first_position = batch->position;
        }
        trace.rows->spans.push_back(span);
      }
    }
  }

  bool MayKnow(const model::TraceId& trace_id, std::uint64_t position) const override {
    const auto trace = traces_.find(trace_id);
    return trace != traces_.end() && trace->second.first_position < position;
  }

  base::Result<model::BatchPtr> Load(const model::TraceId& trace_id) override {
    ++loads;
    return model::BatchPtr(traces_.at(trace_id).rows);
  }

  std::uint64_t sealed_position() const override { return sealed; }

  int loads = 0;
  std::uint64_t sealed = 0;

 private:
  struct Trace {
    std::shared_ptr<model::Batch> rows;
    std::uint64_t first_position = 0;
  };

  std::map<model::TraceId, Trace> traces_;
};

class RunsTest : public ::testing::Test {
 protected:
  void Arrive(std::initializer_list<SpanBuilder> spans) {
    const model::BatchPtr batch = MakeBatch(++position_, clock_.NowNs(), spans);
    history_.Commit(batch);
    runs_->Apply(*batch);
    Refresh();
  }

  void Refresh() {
    rollups_.Advance(clock_.NowNs() / kMinuteNs);
    runs_->Refresh(clock_.NowNs());
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
  FakeHistory history_;
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
  Wait(std::chrono::minutes(1));
  EXPECT_NE(runs_->Find(TraceNumber(1)), nullptr) << "not in a day file yet";
  history_.sealed = position_;
  Wait(std::chrono::minutes(1));
  EXPECT_EQ(runs_->Find(TraceNumber(1)), nullptr);
  EXPECT_EQ(runs_->size().spans, 0U);
  EXPECT_EQ(Rolled(), "started 1 completed 1 steps 2 tokens 10") << "what it added stays";
  Arrive({SpanBuilder(1, 3, 1, kLlm).Tokens(5, 1)});
  EXPECT_EQ(history_.loads, 1);
  EXPECT_EQ(Totals(), "running 0 completed 1 failed 0 abandoned 0");
  EXPECT_EQ(Rolled(), "started 1 completed 1 steps 3 tokens 15");
}

TEST_F(RunsTest, ReopensARunThatWasAbandonedAndForgotten) {
  Arrive({SpanBuilder(1, 2, 1, kLlm).Tokens(10, 1)});
  history_.sealed = position_;
  Wait(std::chrono::minutes(6));
  Wait(std::chrono::minutes(6));
  EXPECT_EQ(runs_->Find(TraceNumber(1)), nullptr);
  Arrive({SpanBuilder(1, 1, 0, kAgent).Failed("Timeout")});
  EXPECT_EQ(Totals(), "running 0 completed 0 failed 1 abandoned 0");
  EXPECT_EQ(Rolled(), "started 1 completed 0 steps 2 tokens 10");
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
  EXPECT_EQ(runs_->Find(TraceNumber(1))->summary().status, model::RunStatus::kAbandoned);
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

TEST_F(RunsTest, CutsARunThatIsTooLarge) {
  Make({.max_spans_of_run = 2});
  Arrive({SpanBuilder(1, 2, 1, kLlm), SpanBuilder(1, 3, 1, kLlm), SpanBuilder(1, 4, 1, kLlm)});
  EXPECT_EQ(losses_.count(base::Loss::kLiveSpanOverLimit), 1U);
  EXPECT_EQ(runs_->size().spans, 2U);
}

TEST_F(RunsTest, FindsARunByItsOwnId) {
  Arrive({SpanBuilder(1, 1, 0, kAgent).Run("run-7").Pending()});
  ASSERT_NE(runs_->FindByRunId("run-7"), nullptr);
  EXPECT_EQ(runs_->FindByRunId("run-7")->trace_id(), TraceNumber(1));
  EXPECT_EQ(runs_->FindByRunId("run-8"), nullptr);
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
