// SPDX-License-Identifier: Apache-2.0
#include "ingest/score_writer.h"

#include <array>
#include <condition_variable>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "base/temp_directory_for_testing.h"
#include "model/evaluation.h"
#include "store/meta/sqlite_meta_store.h"

namespace sightline::ingest {
namespace {

using model::Evaluation;
using model::EvaluationTarget;
using store::Score;
using WhenFull = ScoreWriter::WhenFull;

// Scores alone; a PutScores waits while the gate is closed.
class GatedStore final : public store::MetaStore {
 public:
  using Unused = base::Error;

  static Unused None() { return {base::Code::kUnavailable, "not for this test"}; }

  std::string problem() const override { return {}; }

  base::Result<std::vector<store::PriceRow>> Prices() const override { return None(); }

  base::Result<std::optional<store::PriceRow>> FindPrice(std::int64_t) const override {
    return None();
  }

  base::Result<std::vector<std::int64_t>> SetPrices(std::span<const store::PriceRow>) override {
    return None();
  }

  base::Result<std::int64_t> DeletePrices(std::string_view, std::string_view,
                                          std::optional<std::int64_t>, std::int64_t) override {
    return None();
  }

  base::Result<std::vector<store::SavedDocument>> Saved(store::SavedKind) const override {
    return None();
  }

  base::Result<std::optional<store::SavedDocument>> FindSaved(store::SavedKind,
                                                              std::string_view) const override {
    return None();
  }

  base::Result<void> AddSaved(store::SavedKind, const store::SavedDocument&) override {
    return None();
  }

  base::Result<store::SavedDocument> ReplaceSaved(store::SavedKind,
                                                  const store::SavedDocument&) override {
    return None();
  }

  base::Result<bool> DeleteSaved(store::SavedKind, std::string_view) override { return None(); }

  base::Result<std::vector<Score>> Scores(const store::ScoreQuery&) const override {
    return None();
  }

  base::Result<bool> DeleteScore(std::string_view) override { return None(); }

  base::Result<void> BackUp(const std::filesystem::path&) const override { return None(); }

  base::Result<void> PutScores(std::span<const Score> scores) override {
    std::unique_lock lock(mutex_);
    ++calls_;
    changed_.notify_all();
    changed_.wait(lock, [&] { return is_open_; });
    stored_ += scores.size();
    return {};
  }

  void AwaitCall() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return calls_ > 0; });
  }

  void Open() {
    const std::lock_guard lock(mutex_);
    is_open_ = true;
    changed_.notify_all();
  }

  std::size_t stored() const {
    const std::lock_guard lock(mutex_);
    return stored_;
  }

 private:
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  bool is_open_ = false;
  int calls_ = 0;
  std::size_t stored_ = 0;
};

class ScoreWriterTest : public testing::Test {
 protected:
  ScoreWriterTest() {
    trace_id_.bytes.fill(0xAB);
    span_id_.bytes.fill(0xCD);
  }

  // A batch with one span that has these evaluations.
  model::Batch BatchOf(const std::vector<Evaluation>& evaluations,
                       std::string_view session_id = "talk") {
    model::Batch batch;
    model::Span& span = batch.spans.emplace_back();
    span.trace_id = trace_id_;
    span.span_id = span_id_;
    span.session_id = session_id;
    span.evaluations = batch.arena.Copy(model::EncodeEvaluations(evaluations));
    return batch;
  }

  static Evaluation Of(std::string name, EvaluationTarget target = EvaluationTarget::kStep) {
    return {.target = target,
            .name = std::move(name),
            .number = 0.5,
            .source = "llm",
            .identity = "first",
            .time_ns = 7};
  }

  std::unique_ptr<store::meta::SqliteMetaStore> OpenStore() {
    return store::meta::SqliteMetaStore::Open({.file = directory_.path() / "metadata.db"}).value();
  }

  base::TempDirectory directory_;
  base::LossTable losses_;
  model::TraceId trace_id_;
  model::SpanId span_id_;
};

TEST_F(ScoreWriterTest, EvaluationsBecomeScoresOfWhatTheyAreOf) {
  const auto store = OpenStore();
  Evaluation labelled = Of("tone");
  labelled.number.reset();
  labelled.label = "friendly";
  labelled.comment = "says please";
  labelled.author = "judge-2";
  {
    ScoreWriter writer(*store, losses_);
    writer.Add(BatchOf({labelled, Of("quality", EvaluationTarget::kRun),
                        Of("solved", EvaluationTarget::kSession)}),
               WhenFull::kLose);
  }
  const auto only = [&](std::string_view name) {
    const std::vector<Score> found = store->Scores({.name = std::string(name)}).value();
    EXPECT_EQ(found.size(), 1U) << name;
    return found.at(0);
  };
  const Score tone = only("tone");
  EXPECT_EQ(tone.trace_id, trace_id_.ToHex());
  EXPECT_EQ(tone.span_id, span_id_.ToHex());
  EXPECT_EQ(tone.kind, store::ScoreKind::kCategory);
  EXPECT_EQ(tone.text, "friendly");
  EXPECT_EQ(tone.comment, "says please");
  EXPECT_EQ(tone.author, "judge-2");
  EXPECT_EQ(tone.source, "llm");
  EXPECT_EQ(tone.time_ns, 7);
  const Score quality = only("quality");
  EXPECT_EQ(quality.trace_id, trace_id_.ToHex());
  EXPECT_EQ(quality.span_id, "");
  EXPECT_EQ(quality.number, 0.5);
  const Score solved = only("solved");
  EXPECT_EQ(solved.trace_id, "");
  EXPECT_EQ(solved.session_id, "talk");
}

TEST_F(ScoreWriterTest, WhatIsSentAgainIsStoredOnceAndAnotherIdentityTwice) {
  const auto store = OpenStore();
  Evaluation second = Of("quality");
  second.identity = "second";
  {
    ScoreWriter writer(*store, losses_);
    writer.Add(BatchOf({Of("quality")}), WhenFull::kLose);
    writer.Add(BatchOf({Of("quality")}), WhenFull::kLose);
    writer.Add(BatchOf({second}), WhenFull::kLose);
  }
  EXPECT_EQ(store->Scores({}).value().size(), 2U);
}

TEST_F(ScoreWriterTest, AScoreOfASessionThatIsNotNamedIsCountedAsLost) {
  const auto store = OpenStore();
  {
    ScoreWriter writer(*store, losses_);
    writer.Add(BatchOf({Of("solved", EvaluationTarget::kSession)}, ""), WhenFull::kLose);
  }
  EXPECT_EQ(store->Scores({}).value().size(), 0U);
  EXPECT_EQ(losses_.count(base::Loss::kScoreWithoutTarget), 1U);
}

TEST_F(ScoreWriterTest, LosesWhatDoesNotFitWhileTheStoreIsSlow) {
  GatedStore store;
  ScoreWriter writer(store, losses_, 1);
  writer.Add(BatchOf({Of("being stored")}), WhenFull::kLose);
  store.AwaitCall();
  writer.Add(BatchOf({Of("waits")}), WhenFull::kLose);
  writer.Add(BatchOf({Of("has no room")}), WhenFull::kLose);
  EXPECT_EQ(losses_.count(base::Loss::kScoreNotStored), 1U);
  store.Open();
  writer.Stop();
  EXPECT_EQ(store.stored(), 2U);
}

TEST_F(ScoreWriterTest, WaitsForRoomWhenItIsAskedTo) {
  GatedStore store;
  ScoreWriter writer(store, losses_, 1);
  writer.Add(BatchOf({Of("being stored")}), WhenFull::kWait);
  store.AwaitCall();
  writer.Add(BatchOf({Of("waits")}), WhenFull::kWait);
  std::jthread opener([&] { store.Open(); });
  writer.Add(BatchOf({Of("waits for room")}), WhenFull::kWait);
  writer.Stop();
  EXPECT_EQ(store.stored(), 3U);
  EXPECT_EQ(losses_.count(base::Loss::kScoreNotStored), 0U);
}

TEST_F(ScoreWriterTest, AfterItHasStoppedScoresAreCountedAsLost) {
  const auto store = OpenStore();
  ScoreWriter writer(*store, losses_);
  writer.Stop();
  writer.Add(BatchOf({Of("late")}), WhenFull::kWait);
  EXPECT_EQ(losses_.count(base::Loss::kScoreNotStored), 1U);
}

}  // namespace
}  // namespace sightline::ingest
