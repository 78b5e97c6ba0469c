// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <thread>
#include <unordered_map>
#include <vector>

#include "base/clock.h"
#include "base/loss.h"
#include "base/mutex.h"
#include "live/figures.h"
#include "live/history.h"
#include "live/rates.h"
#include "live/rollups.h"
#include "live/run_snapshot.h"
#include "live/runs.h"
#include "model/batch.h"

namespace sightline::live {

// Spans of a watched trace that came with one batch.
//
// Thread: any (immutable).
struct NewSpans {
  model::TraceId trace_id;
  model::BatchPtr batch;
  std::vector<const model::Span*> spans;  // Into the batch; those that have not ended are marked.
};

// What changed since the last update.
//
// Thread: value.
struct LiveUpdate {
  bool has_new_figures = false;
  std::vector<RunSnapshotPtr> runs;  // Watched ones that changed, as they are now.
  std::vector<NewSpans> spans;       // Of watched traces.
};

// The state of what is going on: running executions, figures, rollups. Every committed batch passes
// through it, on a thread of its own; after at most `tick` what follows from it is told to the
// listener and visible to readers.
//
// It does not decide what is durable, knows no sockets, and never polls the store: what it needs
// from there it asks at the start, or when something of an old run arrives.
//
// Thread: any.
class Live {
 public:
  struct Options {
    Runs::Options runs;
    RollupOptions rollups;
    std::chrono::milliseconds tick{40};
    // Batches that wait to be taken in. Above it Add waits: figures may be late but never wrong.
    std::size_t max_waiting_batches = 2048;
  };

  // Called on the live thread, without locks; must not block.
  using Listener = std::function<void(const LiveUpdate&)>;

  Live(const Options& options, History& history, const base::Clock& clock, base::LossTable& losses);

  // Stops as Stop() does.
  ~Live();
  Live(const Live&) = delete;
  Live& operator=(const Live&) = delete;

  // Before Start: what durable storage knows. Sums are of runs that are not resumed.
  void AddTotals(const std::string& workflow_id, const RunCounts& counts,
                 std::int64_t last_received_ns) EXCLUDES(mutex_);
  void AddAgent(std::string_view name, std::int64_t last_received_ns) EXCLUDES(mutex_);
  void Resume(const model::BatchPtr& rows, std::int64_t received_ns) EXCLUDES(mutex_);
  void AddRecent(const RunSummary& summary) EXCLUDES(mutex_);

  // Begins to take in batches. `catch_up` runs on a thread of its own: it reads the runs of the
  // last day, gives each that is over to AddPast, and stops when told to.
  using CatchUp = std::function<void(std::stop_token)>;
  void Start(CatchUp catch_up);

  // The rollups of a run that is over. Runs that Resume was given are passed over.
  void AddPast(std::span<const model::Span> spans) EXCLUDES(mutex_);

  // Takes in a batch that is committed. Waits while too many wait already.
  void Add(model::BatchPtr batch) EXCLUDES(queue_mutex_);

  // Takes in what waits, then ends the threads. Idempotent.
  void Stop();

  // The listener hears of what changes from now on; an empty one ends it.
  void SetListener(Listener listener) EXCLUDES(mutex_);

  // Runs are only described to the listener while somebody watches them, by execution id: a run id
  // or a trace id in hex. A run that is not known yet may be watched.
  void WatchRun(const std::string& execution_id) EXCLUDES(mutex_);
  void UnwatchRun(const std::string& execution_id) EXCLUDES(mutex_);
  void WatchSpans(const model::TraceId& trace_id) EXCLUDES(mutex_);
  void UnwatchSpans(const model::TraceId& trace_id) EXCLUDES(mutex_);

  // Null when the run is not in memory: it is over and quiet, or was never heard of.
  RunSnapshotPtr FindRun(std::string_view execution_id) const EXCLUDES(mutex_);

  // Of all, or of one workflow.
  Figures figures(std::optional<std::string_view> workflow = std::nullopt) const EXCLUDES(mutex_);

  // What signs of trouble hold of a run now.
  std::vector<Sign> SignsOf(const model::TraceId& trace_id) const EXCLUDES(mutex_);

  // Newest first, at most RecentRuns::kMaxRuns.
  std::vector<RunSummary> recent_runs(std::size_t limit) const EXCLUDES(mutex_);

  const Rates& rates() const { return rates_; }

  const Rollups& rollups() const { return rollups_; }

  struct Stats {
    Runs::Size runs;
    std::size_t waiting_batches = 0;
    std::size_t watched = 0;
    std::array<std::uint64_t, kSignKinds> raised_signs{};  // By SignKind.
  };

  Stats stats() const EXCLUDES(mutex_, queue_mutex_);

  // Waits until everything that was added before is taken in and told. For tests and for the end.
  void Flush() EXCLUDES(queue_mutex_);

 private:
  struct Watched {
    std::size_t watchers = 0;
    std::int64_t told_ns = 0;
    bool is_due = false;  // Changed, and told of too short a while ago.
  };

  void Run();
  std::deque<model::BatchPtr> TakeBatches(std::chrono::nanoseconds wait) EXCLUDES(queue_mutex_);
  void TakeIn(const std::deque<model::BatchPtr>& batches, LiveUpdate& update) EXCLUDES(mutex_);
  void Tick(LiveUpdate& update) EXCLUDES(mutex_);
  void CollectSpans(const model::BatchPtr& batch, LiveUpdate& update) REQUIRES(mutex_);
  void MarkWatched(const RunState& run) REQUIRES(mutex_);
  void TellWatched(std::int64_t now_ns, LiveUpdate& update) REQUIRES(mutex_);
  RunSnapshotPtr SnapshotOf(const RunState& run) const REQUIRES(mutex_);
  const RunState* Find(std::string_view execution_id) const REQUIRES(mutex_);
  void Tell(const LiveUpdate& update) EXCLUDES(mutex_);

  const Options options_;
  const base::Clock& clock_;
  Rates rates_;
  Rollups rollups_;

  mutable base::Mutex mutex_;
  Runs runs_ GUARDED_BY(mutex_);
  std::unordered_map<std::string, Watched> watched_runs_ GUARDED_BY(mutex_);
  std::unordered_map<model::TraceId, std::size_t, model::TraceIdHasher> watched_traces_
      GUARDED_BY(mutex_);
  std::shared_ptr<const Listener> listener_ GUARDED_BY(mutex_);
  std::unordered_map<model::TraceId, bool, model::TraceIdHasher> resumed_ GUARDED_BY(mutex_);
  bool is_catching_up_ GUARDED_BY(mutex_) = false;

  mutable base::Mutex queue_mutex_;
  base::CondVar not_empty_;
  base::CondVar has_room_;
  base::CondVar is_idle_;
  std::deque<model::BatchPtr> queue_ GUARDED_BY(queue_mutex_);
  std::uint64_t added_ GUARDED_BY(queue_mutex_) = 0;
  std::uint64_t told_ GUARDED_BY(queue_mutex_) = 0;
  bool is_flushing_ GUARDED_BY(queue_mutex_) = false;
  bool is_stopping_ GUARDED_BY(queue_mutex_) = false;

  std::jthread catch_up_thread_;
  std::jthread thread_;
};

}  // namespace sightline::live
