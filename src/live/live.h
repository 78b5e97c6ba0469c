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
#include "model/live_cut.h"
#include "model/run_record.h"

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
// It does not decide what is durable and knows no sockets. Runs that leave memory are handed to
// durable storage in cuts; when something of one comes later, a second thread loads it from there.
// No lock is held while that takes its time.
//
// Thread: any.
class Live {
 public:
  struct Options {
    Runs::Options runs;
    RollupOptions rollups;
    std::chrono::milliseconds tick{40};
    // Batches that wait to be taken in, and their estimated bytes. Above either Add waits: figures
    // may be late but never wrong.
    std::size_t max_waiting_batches = 2048;
    std::size_t max_waiting_bytes = std::size_t{48} * 1024 * 1024;
  };

  // Called on the live thread, without locks; must not block.
  using Listener = std::function<void(const LiveUpdate&)>;

  Live(const Options& options, History& history, const base::Clock& clock, base::LossTable& losses);

  // Stops as Stop() does.
  ~Live();
  Live(const Live&) = delete;
  Live& operator=(const Live&) = delete;

  // What durable storage knows: sums over all runs as they settled, in any number of portions,
  // before Start or later. Of rollups, those of the last day and of what is to come.
  void AddTotals(std::span<const model::WorkflowDelta> totals) EXCLUDES(mutex_);
  void AddAgents(std::span<const model::NameSeen> agents) EXCLUDES(mutex_);
  void AddRollups(std::span<const model::RollupEntry> entries);
  void AddRecent(const model::RunRecord& record) EXCLUDES(mutex_);

  // Before Start: a run that went on when the process before ended. `old_rows` are the spans that
  // came before it settled, if it did and was opened again, that is, what storage has counted of
  // it; `rows` are all its spans, of batches up to `position`, where the last sign of life came at
  // `received_ns`.
  void Resume(std::span<const model::Span> old_rows, std::span<const model::Span> rows,
              std::int64_t received_ns, std::uint64_t position) EXCLUDES(mutex_);

  // Begins to take in batches. Those up to `position` are in durable storage and will not come.
  void Start(std::uint64_t position = 0) EXCLUDES(mutex_, queue_mutex_);

  // Whether what durable storage knows is still being added.
  void SetCatchingUp(bool is_adding_history) EXCLUDES(mutex_);
  bool is_adding_history() const EXCLUDES(mutex_);

  // Takes in a batch that is committed; positions increase. Waits while too many wait already.
  void Add(model::BatchPtr batch) EXCLUDES(queue_mutex_);

  // Takes in what waits, then ends the threads. Runs that are over settle: they are in the next
  // cut. Idempotent.
  void Stop() EXCLUDES(mutex_, queue_mutex_);

  // Everything that settled since the cut before, as of the last batch that was taken in.
  model::LiveCut TakeCut() EXCLUDES(mutex_);

  // Calls `visit` for every run that is in memory or settled since the last cut, as of the last
  // batch that was taken in, in no order, until it returns false. Runs that wait for what came of
  // them before are left out. See WaitFor.
  void VisitRuns(const std::function<bool(const model::RunRecord&)>& visit) const EXCLUDES(mutex_);
  model::FactTable FactsInMemory() const EXCLUDES(mutex_);

  // Whether the run is in memory in any way, also while it waits for what came of it before, or
  // has settled since the last cut.
  bool Holds(const model::TraceId& trace_id) const EXCLUDES(mutex_);

  // One of these runs, by run id or trace id in hex; null when it is not among them.
  std::shared_ptr<const model::RunRecord> FindRecord(std::string_view execution_id) const
      EXCLUDES(mutex_);

  // Waits until everything up to this journal position is taken in and refreshed, runs that had to
  // be loaded included; false at the deadline.
  bool WaitFor(std::uint64_t position, std::chrono::steady_clock::time_point deadline)
      EXCLUDES(queue_mutex_);

  // The same for everything that was added before the call.
  bool WaitForAdded(std::chrono::steady_clock::time_point deadline) EXCLUDES(queue_mutex_);

  // Age in milliseconds of the oldest batch that waits to be taken in and told; 0 when none does.
  double lag() const EXCLUDES(queue_mutex_);

  // The listener hears of what changes from now on; an empty one ends it.
  void SetListener(Listener listener) EXCLUDES(mutex_);

  // Runs are only described to the listener while somebody watches them, by execution id: a run id
  // or a trace id in hex. A run that is not known yet may be watched.
  void WatchRun(const std::string& execution_id) EXCLUDES(mutex_);
  void UnwatchRun(const std::string& execution_id) EXCLUDES(mutex_);
  void WatchSpans(const model::TraceId& trace_id) EXCLUDES(mutex_);
  void UnwatchSpans(const model::TraceId& trace_id) EXCLUDES(mutex_);

  // Null when the run is not in memory: it is over and quiet, was never heard of, or waits for what
  // came of it before.
  RunSnapshotPtr FindRun(std::string_view execution_id) const EXCLUDES(mutex_);

  // Of all, or of one workflow.
  Figures figures(std::optional<std::string_view> workflow = std::nullopt) const
      EXCLUDES(mutex_, queue_mutex_);

  // What signs of trouble hold of a run now.
  std::vector<Sign> SignsOf(const model::TraceId& trace_id) const EXCLUDES(mutex_);

  // Newest first, at most RecentRuns::kMaxRuns.
  std::vector<RunSummary> recent_runs(std::size_t limit) const EXCLUDES(mutex_);

  const Rates& rates() const { return rates_; }

  const Rollups& rollups() const { return rollups_; }

  struct Stats {
    Runs::Size runs;
    std::size_t waiting_batches = 0;
    std::size_t waiting_bytes = 0;
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

  // A batch that waits, or one that was taken and is not told yet.
  struct Waiting {
    model::BatchPtr batch;
    std::size_t bytes = 0;
    Runs::Time added_at;
    double earlier_ms = 0;  // From its arrival to Add.
  };

  void Run();
  void RunLoader();
  std::vector<Waiting> TakeBatches(std::chrono::nanoseconds wait) EXCLUDES(queue_mutex_);
  void TakeIn(const std::vector<Waiting>& batches, LiveUpdate& update)
      EXCLUDES(mutex_, queue_mutex_);
  // Returns the position up to which everything is refreshed.
  std::uint64_t Tick(LiveUpdate& update) EXCLUDES(mutex_);
  void WantTick() EXCLUDES(queue_mutex_);
  void FinishTick(std::uint64_t position) EXCLUDES(queue_mutex_);
  void CollectSpans(const model::BatchPtr& batch, LiveUpdate& update) REQUIRES(mutex_);
  void MarkWatched(const model::RunRecord& record) REQUIRES(mutex_);
  void TellWatched(std::int64_t now_ns, LiveUpdate& update) REQUIRES(mutex_);
  RecordPtr Find(std::string_view execution_id) const REQUIRES(mutex_);
  RunSnapshotPtr SnapshotOf(const model::TraceId& trace_id) const REQUIRES(mutex_);
  void Tell(const LiveUpdate& update) EXCLUDES(mutex_);
  bool Try(std::string_view what, const std::function<void()>& work);

  const Options options_;
  History& history_;
  const base::Clock& clock_;
  base::LossTable& losses_;
  Rates rates_;
  Rollups rollups_;

  mutable base::Mutex mutex_;
  base::CondVar has_loads_;
  mutable Runs runs_ GUARDED_BY(mutex_);  // Readers bring it up to date, too.
  std::unordered_map<std::string, Watched> watched_runs_ GUARDED_BY(mutex_);
  std::unordered_map<model::TraceId, std::size_t, model::TraceIdHasher> watched_traces_
      GUARDED_BY(mutex_);
  std::shared_ptr<const Listener> listener_ GUARDED_BY(mutex_);
  bool is_adding_history_ GUARDED_BY(mutex_) = false;
  bool is_loader_stopping_ GUARDED_BY(mutex_) = false;

  mutable base::Mutex queue_mutex_;
  base::CondVar not_empty_;
  base::CondVar has_room_;
  base::CondVar is_told_;
  std::deque<Waiting> queue_ GUARDED_BY(queue_mutex_);
  std::size_t waiting_bytes_ GUARDED_BY(queue_mutex_) = 0;  // Of the queue and of what is taken.
  std::optional<Runs::Time> untold_since_ GUARDED_BY(queue_mutex_);
  double untold_lag_ms_ GUARDED_BY(queue_mutex_) = 0;  // Before it was added.
  std::uint64_t added_ GUARDED_BY(queue_mutex_) = 0;
  std::uint64_t added_position_ GUARDED_BY(queue_mutex_) = 0;
  std::uint64_t taken_ GUARDED_BY(queue_mutex_) = 0;
  std::uint64_t told_ GUARDED_BY(queue_mutex_) = 0;
  std::uint64_t told_position_ GUARDED_BY(queue_mutex_) = 0;
  bool wants_tick_ GUARDED_BY(queue_mutex_) = false;
  bool is_stopping_ GUARDED_BY(queue_mutex_) = false;

  std::jthread loader_;
  std::jthread thread_;
};

}  // namespace sightline::live
