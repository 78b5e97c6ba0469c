// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <thread>
#include <vector>

#include "base/loss.h"
#include "base/mutex.h"
#include "ingest/telemetry_scores.h"
#include "model/batch.h"
#include "store/meta_store.h"

namespace sightline::ingest {

// Puts the evaluations of stored batches into the score store, on a thread of its own, so that
// neither senders nor the journal wait for it. It is a little later than the batch: a score that a
// crash kept from being stored is made again when the journal is replayed.
//
// What does not fit into its queue, or cannot be stored, is counted as score_not_stored; the
// evaluation is still there in its span or log record.
//
// Thread: any. Owns its thread.
class ScoreWriter {
 public:
  static constexpr std::size_t kDefaultWaitingBytes = std::size_t{4} << 20U;

  // Store and losses must outlive it. Of the rows that wait, about `max_waiting_bytes` are held.
  ScoreWriter(store::MetaStore& store, base::LossTable& losses,
              std::size_t max_waiting_bytes = kDefaultWaitingBytes);

  // Stops as Stop() does.
  ~ScoreWriter();
  ScoreWriter(const ScoreWriter&) = delete;
  ScoreWriter& operator=(const ScoreWriter&) = delete;

  // What happens while the queue is full.
  enum class WhenFull : std::uint8_t { kLose, kWait };

  // Takes the evaluations of a batch that is durable. Quick for a batch that has none.
  void Add(const model::Batch& batch, WhenFull when_full) EXCLUDES(mutex_);

  // Stores what was taken; what comes later is lost. Idempotent.
  void Stop() EXCLUDES(mutex_);

 private:
  void Push(EvaluatedRow row, WhenFull when_full) EXCLUDES(mutex_);
  std::vector<EvaluatedRow> Take() EXCLUDES(mutex_);
  void Run();
  void Store(const std::vector<EvaluatedRow>& rows);

  store::MetaStore& store_;
  base::LossTable& losses_;
  const std::size_t max_waiting_bytes_;
  base::Mutex mutex_;
  base::CondVar has_rows_;
  base::CondVar has_room_;
  std::vector<EvaluatedRow> waiting_ GUARDED_BY(mutex_);
  std::size_t waiting_bytes_ GUARDED_BY(mutex_) = 0;
  bool is_stopping_ GUARDED_BY(mutex_) = false;
  std::jthread thread_;
};

}  // namespace sightline::ingest
