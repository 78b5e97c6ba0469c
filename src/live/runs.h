// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include <boost/unordered/unordered_flat_map.hpp>

#include "base/loss.h"
#include "live/contribution.h"
#include "live/cut_builder.h"
#include "live/history.h"
#include "live/rates.h"
#include "live/recent_runs.h"
#include "live/rollups.h"
#include "live/run_list.h"
#include "live/run_state.h"
#include "live/signs.h"
#include "live/totals.h"
#include "live/usual_behaviour.h"

namespace sightline::live {

// The runs that go on or ended lately, with what they add to totals and rollups. Totals and rollups
// are sums over all runs, those of durable storage included.
//
// A run that is over and stays quiet settles: it leaves memory and goes into the next cut, with
// what it adds now less what the store has counted of it. If something of it comes later, it waits
// until what came before is loaded: while it waits it stays counted as it was, then what it was is
// replaced by what it is. So each span counts once, whatever comes in between.
//
// It knows no thread and no subscriber: a loader asks for NextLoad() and answers with Loaded().
//
// Thread: confined; Rollups and Rates, which it fills, may be read by anybody.
class Runs {
 public:
  struct Options {
    // Silence after which a run without an end is abandoned.
    std::chrono::nanoseconds idle_limit = std::chrono::minutes(5);
    // Silence after which a run that has ended leaves memory.
    std::chrono::nanoseconds quiet_time = std::chrono::seconds(30);
    // Above these, runs that are over settle before their quiet time, then those that are silent
    // for longest, as they are.
    std::size_t max_bytes = std::size_t{96} * 1024 * 1024;
    std::size_t max_open_runs = 500'000;
    std::size_t max_spans = 500'000;
    // Above it, runs that are over settle before their quiet time.
    std::size_t kept_spans = 150'000;
    std::size_t max_spans_of_run = 200'000;
    SignOptions signs;
  };

  Runs(const Options& options, const History& history, Rollups& rollups, Rates& rates,
       base::LossTable& losses)
      : options_(options), history_(history), rollups_(rollups), rates_(rates), losses_(losses) {}

  // Sums over all runs. At the start those of durable storage are to be added: runs as they
  // settled.
  Totals& totals() { return totals_; }

  const Totals& totals() const { return totals_; }

  // A run that went on when the process before ended. `old_rows` are those that came before it
  // settled, if it did: what storage has counted of it; `rows` are all.
  void Resume(std::span<const model::Span> old_rows, std::span<const model::Span> rows,
              std::int64_t received_ns, std::uint64_t position);

  // Takes in a batch. What follows from it shows after the next Refresh.
  using Time = std::chrono::steady_clock::time_point;
  void Apply(const model::Batch& batch, Time now = {});

  // A run that something came of after it had left memory.
  struct LoadRequest {
    model::TraceId trace_id;
    std::uint64_t position = 0;  // What came in batches before it is to be loaded.
    Time asked_at;
  };

  // The next run that waits for its old spans; empty when there is none. One at a time: the next
  // after Loaded().
  const LoadRequest* NextLoad() const { return loads_.empty() ? nullptr : &loads_.front(); }

  // Answers NextLoad(): the state of the run from its old spans alone, after Refresh(false); null
  // when it could not be loaded.
  void Loaded(std::unique_ptr<RunState> old);

  // Brings every run up to date that a batch touched, abandons what was silent for too long, lets
  // go of what is over.
  void Refresh(std::int64_t now_ns);

  // Lets go of every run that is over, however lately it was heard of. For the end: the next
  // process finds it settled.
  void LetGoOfDone(std::int64_t now_ns);

  // The runs that changed since the last call. They stay in memory until then.
  std::vector<RecordPtr> TakeChanged();

  // What holds of a run now; empty for one that is not in memory.
  std::vector<Sign> SignsOf(const model::TraceId& trace_id) const;

  // How often each sign was raised since the start, by SignKind.
  const std::array<std::uint64_t, kSignKinds>& raised_signs() const { return raised_signs_; }

  // A run with its steps, as of the last Refresh; empty when it is not in memory, waits for old
  // spans or is not refreshed yet.
  std::optional<RunSnapshot> Snapshot(const model::TraceId& trace_id) const;

  // A run as lists need it, as of the last Refresh or as it settled since the last TakeCut; null
  // when it is neither.
  RecordPtr FindRecord(const model::TraceId& trace_id) const;

  // Whether it is in memory, refreshed or not, or settled since the last TakeCut.
  bool Holds(const model::TraceId& trace_id) const {
    return runs_.contains(trace_id) || cut_.Holds(trace_id);
  }

  RecordPtr FindRecordByRunId(std::string_view run_id) const;

  // All of them.
  std::vector<RecordPtr> Records() const;

  const RecentRuns& recent() const { return recent_; }

  RecentRuns& recent() { return recent_; }

  // What settled since the last call.
  // A run in memory, as it was after its last refresh.
  struct Held {
    RecordPtr record;
    std::string packed;
    std::shared_ptr<const model::FactTable> taken_back;  // Null: nothing is stored of it.
  };

  std::vector<Held> AllHeld() const;

  // What such a run adds to facts. Thread: any.
  static void AppendFacts(const Held& held, model::FactTable& table);

  const CutBuilder& cut() const { return cut_; }

  CutBuilder TakeCut() { return std::exchange(cut_, {}); }

  // Of the last batch that was taken in.
  std::uint64_t position() const { return position_; }

  // At the start: batches up to it are in durable storage and are not to come.
  void SkipTo(std::uint64_t position) { position_ = std::max(position_, position); }

  // Up to it, everything is refreshed and loaded.
  std::uint64_t refreshed_position() const;

  // The smallest last sign of life of the runs in memory; position() + 1 when there are none.
  std::uint64_t open_position() const;

  struct Size {
    std::size_t runs = 0;
    std::size_t open_runs = 0;
    std::size_t waiting_runs = 0;  // For old spans.
    std::size_t spans = 0;
    std::size_t bytes = 0;  // An estimate, with what settled since the last cut.
  };

  Size size() const;

 private:
  // Runs of more spans are not packed: it would take longer than they are quiet.
  static constexpr std::size_t kPackedSpans = 8;

  enum class Phase : std::uint8_t { kOpen, kDone, kWaiting };

  // What the store has counted of a run, and the facts that take it back.
  struct Stored {
    Contribution counted;
    model::FactTable facts;
  };

  // Small: there may be hundreds of thousands.
  struct Run {
    explicit Run(const model::TraceId& id) : trace_id(id) {}

    model::TraceId trace_id;
    Run* previous = nullptr;
    Run* next = nullptr;
    std::uint64_t position = 0;  // Of the last sign of life, as is the time.
    std::int64_t received_ns = 0;
    std::int64_t refreshed_ns = 0;
    std::size_t bytes = 0;         // As counted in bytes_.
    std::uint32_t slot = kNoSlot;  // Of its record.
    std::uint32_t spans = 0;       // As counted in spans_.
    Phase phase = Phase::kOpen;
    bool is_dirty = false;
    bool is_changed = false;
    bool is_learnt = false;                // The usual behaviour knows it.
    bool is_past = false;                  // What it holds was counted by an earlier process.
    std::string packed;                    // The state while `state` is null.
    std::unique_ptr<RunState> state;       // With `contribution` as it is counted.
    std::unique_ptr<RunSigns> signs;       // Null as long as nothing speaks of trouble.
    std::shared_ptr<const Stored> stored;  // Null: nothing.
  };

  static constexpr std::uint32_t kNoSlot = static_cast<std::uint32_t>(-1);

  struct Slot {
    RecordPtr record;
    Run* run = nullptr;
  };

  struct Dirty {
    Run* run = nullptr;
    std::uint64_t position = 0;  // Of the first batch since the last refresh.
  };

  Run& Touch(const model::TraceId& trace_id, const model::Batch& batch, Time now);
  Run& Make(const model::TraceId& trace_id);
  Run* FindRun(const model::TraceId& trace_id) const;

  const RecordPtr& RecordOf(const Run& run) const { return slots_[run.slot].record; }

  static std::shared_ptr<const Stored> StoredOf(const RunState& state);
  std::unique_ptr<RunState> Unpack(const Run& run) const;
  RunState& StateOf(Run& run);
  void PackState(Run& run);
  void SetBytes(Run& run);
  void AddRow(Run& run, const model::Span& span, std::int64_t received_ns);
  void MarkDirty(Run& run, std::uint64_t position);
  void MarkChanged(Run& run);
  void RefreshRun(Run& run, std::int64_t now_ns, bool is_recent);
  void Count(Run& run, const Contribution& before);
  void SetRecord(Run& run, const RecordPtr& record);
  void Learn(Run& run);
  bool IsWorthWatching(const Run& run, std::int64_t now_ns) const;
  bool Watch(Run& run, std::int64_t now_ns);
  void WatchQuiet(std::int64_t now_ns);

  RunList<Run>& ListOf(Phase phase) { return lists_[static_cast<std::size_t>(phase)]; }

  const RunList<Run>& ListOf(Phase phase) const { return lists_[static_cast<std::size_t>(phase)]; }

  void SetPhase(Run& run, Phase phase);
  bool IsOverLimit() const;
  void Abandon(std::int64_t now_ns);
  void LetGo(std::int64_t now_ns);
  void Settle(Run& run);
  void Forget(Run& run);

  const Options options_;
  const History& history_;
  Rollups& rollups_;
  Rates& rates_;
  base::LossTable& losses_;

  boost::unordered_flat_map<model::TraceId, std::unique_ptr<Run>, model::TraceIdHasher> runs_;
  std::array<RunList<Run>, 3> lists_;  // By phase; by last sign of life.
  std::deque<Slot> slots_;             // The records, close together.
  std::unordered_map<std::string, model::TraceId> by_run_id_;
  std::vector<Dirty> dirty_;
  std::uint64_t refreshed_position_ = 0;
  std::vector<model::TraceId> changed_;
  std::deque<LoadRequest> loads_;
  CutBuilder cut_;
  std::uint64_t position_ = 0;
  std::size_t spans_ = 0;
  std::size_t bytes_ = 0;
  Totals totals_;
  RecentRuns recent_;
  UsualBehaviour usual_;
  std::array<std::uint64_t, kSignKinds> raised_signs_{};
  std::int64_t watched_ns_ = 0;
  std::size_t watched_slot_ = 0;  // Where the next look at quiet runs begins.
};

}  // namespace sightline::live
