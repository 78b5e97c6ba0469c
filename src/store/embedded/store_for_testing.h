// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/disk.h"
#include "base/mutex.h"
#include "base/temp_directory_for_testing.h"
#include "base/time_text.h"
#include "model/ids_for_testing.h"
#include "model/rope.h"
#include "store/embedded/embedded_store.h"

namespace sightline::store::embedded {

// What tests of the store share: batches with short inputs, a source of runs, and a store in a
// directory of its own.

inline constexpr std::int64_t kNoon = 1'772'366'400'000'000'000;  // 2026-03-01T12:00:00Z.
inline constexpr std::int64_t kSecond = 1'000'000'000;

using model::SpanNumber;

inline model::TraceId Trace(std::uint8_t number) {
  return model::TraceNumber(number);
}

// Builds batches with short inputs.
class BatchBuilder {
 public:
  BatchBuilder(std::uint64_t position, std::int64_t received_ns) {
    batch_.position = position;
    batch_.received_ns = received_ns;
    batch_.day = base::DayOf(received_ns);
  }

  model::Span& AddSpan(std::uint8_t trace, std::uint8_t span, std::string_view name) {
    model::Span row;
    row.trace_id = Trace(trace);
    row.span_id = SpanNumber(span);
    if (span != 1) {
      row.parent_span_id = SpanNumber(1);
    }
    row.name = batch_.arena.Copy(name);
    row.kind = span == 1 ? model::SpanKind::kAgent : model::SpanKind::kLlm;
    row.service = "shop";
    row.start_ns = batch_.received_ns + span * kSecond;
    row.end_ns = row.start_ns + kSecond;
    batch_.spans.push_back(row);
    return batch_.spans.back();
  }

  // A span that has started and not ended.
  model::Span& AddPending(std::uint8_t trace, std::uint8_t span, std::string_view name) {
    AddSpan(trace, span, name);
    batch_.pending.push_back(batch_.spans.back());
    batch_.spans.pop_back();
    batch_.pending.back().end_ns = 0;
    batch_.pending.back().set_mark(model::Mark::kPlaceholder);
    return batch_.pending.back();
  }

  // Gives the last span a text that is stored as a body.
  BatchBuilder& WithBody(std::uint64_t id, std::string_view text) {
    batch_.bodies.push_back({.id = id,
                             .hash = base::HashBytes128(text),
                             .owner = batch_.spans.back().trace_id,
                             .bytes = batch_.arena.Copy(text)});
    return WithRope(id);
  }

  // Gives it a text that another trace has brought.
  BatchBuilder& WithReference(std::uint64_t id) {
    batch_.uses.push_back({.id = id, .trace_id = batch_.spans.back().trace_id});
    return WithRope(id);
  }

  model::Batch& batch() { return batch_; }

  model::EncodedBatchPtr Build() {
    std::shared_ptr<model::EncodedBatch> encoded = model::EncodedBatch::Encode(batch_);
    encoded->position = batch_.position;
    return encoded;
  }

 private:
  BatchBuilder& WithRope(std::uint64_t id) {
    std::string content;
    model::AppendRope(content, {.key = "input.value", .pieces = {{.body_id = id}}});
    batch_.spans.back().content = batch_.arena.Copy(content);
    return *this;
  }

  model::Batch batch_;
};

// A run that took a second, begun `number` seconds after noon.
inline model::RunRecord RunNumber(std::uint8_t number, std::uint64_t position) {
  model::RunRecord run;
  run.trace_id = Trace(number);
  run.position = position;
  run.received_ns = kNoon;
  run.start_ns = kNoon + number * kSecond;
  run.end_ns = run.start_ns + kSecond;
  run.status = model::RunStatus::kCompleted;
  run.has_root = true;
  run.name = "run";
  run.workflow_id = "w";
  run.span_count = 1;
  return run;
}

// Runs that a test says go on, and the cut that it hands over next.
//
// Thread: any for functions; a test writes to the members only while the store has no readers.
class FakeRuns final : public RunSource {
 public:
  std::vector<model::RunRecord> open;
  model::LiveCut next_cut;

  // As if everything up to the batch had been taken in.
  void MoveTo(std::uint64_t position) {
    const base::MutexLock lock(mutex_);
    next_cut.position = position;
    next_cut.open_position = position;
  }

  void Settle(const model::RunRecord& run) {
    const base::MutexLock lock(mutex_);
    next_cut.settled.push_back(run);
  }

  void VisitRuns(const std::function<bool(const model::RunRecord&)>& visit) const override {
    const base::MutexLock lock(mutex_);
    for (const auto* runs : {&open, &next_cut.settled}) {
      for (const model::RunRecord& run : *runs) {
        if (!visit(run)) {
          return;
        }
      }
    }
  }

  // Of a source that holds nothing but the cut.
  model::FactTable FactsInMemory() const override {
    const base::MutexLock lock(mutex_);
    return next_cut.facts;
  }

  bool Holds(const model::TraceId& trace_id) const override {
    bool is_held = false;
    VisitRuns([&](const model::RunRecord& run) {
      is_held = is_held || run.trace_id == trace_id;
      return !is_held;
    });
    return is_held;
  }

  model::LiveCut TakeCut() override {
    const base::MutexLock lock(mutex_);
    model::LiveCut cut = std::exchange(next_cut, {});
    next_cut.position = cut.position;
    next_cut.open_position = cut.open_position;
    return cut;
  }

 private:
  mutable base::Mutex mutex_;
};

class EmbeddedStoreTest : public ::testing::Test {
 protected:
  EmbeddedStoreTest() {
    options_.directory = directory_;
    Reopen();
  }

  ~EmbeddedStoreTest() override { store_.reset(); }

  void Reopen() {
    store_.reset();
    auto opened = EmbeddedStore::Open(options_, clock_, losses_, disk_);
    ASSERT_TRUE(opened.has_value()) << opened.error().message();
    store_ = std::move(*opened);
    store_->SetRunSource(&runs_);
  }

  // As if live state had taken in everything up to the batch.
  void Commit(const model::EncodedBatchPtr& batch) {
    runs_.MoveTo(batch->position);
    store_->Commit(batch);
  }

  void Settle(const model::RunRecord& run) { runs_.Settle(run); }

  void Seal() {
    const auto sealed = store_->SealNow();
    ASSERT_TRUE(sealed.has_value()) << sealed.error().message();
  }

  static SpanStore::Deadline Soon() {
    return std::chrono::steady_clock::now() + std::chrono::seconds(30);
  }

  std::vector<std::string> NamesOf(std::uint8_t trace) {
    const auto rows = store_->FetchTrace(Trace(trace), Soon());
    EXPECT_TRUE(rows.has_value()) << rows.error().message();
    std::vector<std::string> names;
    for (const model::Span& span : (*rows)->spans) {
      names.emplace_back(span.name);
    }
    return names;
  }

  // Last byte of the ids of the listed traces.
  std::vector<int> List(query::TraceQuery query) {
    const auto page = store_->ListRuns(query, Soon());
    EXPECT_TRUE(page.has_value()) << page.error().message();
    std::vector<int> traces;
    for (const model::RunRecord& run : page->runs) {
      traces.push_back(run.trace_id.bytes[15]);
    }
    return traces;
  }

  // Closes the store.
  StoreReport ExpectClean() {
    store_.reset();
    StoreReport report = CheckStore(directory_).value();
    EXPECT_THAT(report.problems, ::testing::IsEmpty());
    return report;
  }

  base::TempDirectory temp_;
  std::filesystem::path directory_ = temp_.path();
  EmbeddedStore::Options options_;
  base::ManualClock clock_{kNoon};
  base::LossTable losses_;
  base::PosixDisk disk_;
  FakeRuns runs_;
  std::unique_ptr<EmbeddedStore> store_;
};

}  // namespace sightline::store::embedded
