// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <list>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/loss.h"
#include "live/history.h"
#include "live/rates.h"
#include "live/recent_runs.h"
#include "live/rollups.h"
#include "live/run_state.h"
#include "live/signs.h"
#include "live/totals.h"
#include "live/usual_behaviour.h"

namespace sightline::live {

// The runs that go on or ended lately, with what they add to totals and rollups. A run that is over
// and stays quiet leaves memory; what it added stays. If something of it comes later, it is loaded
// from durable storage again, so that totals and rollups are always sums over runs.
//
// It knows no thread and no subscriber.
//
// Thread: confined; Rollups and Rates, which it fills, may be read by anybody.
class Runs {
 public:
  struct Options {
    // Silence after which a run without an end is abandoned.
    std::chrono::nanoseconds idle_limit = std::chrono::minutes(5);
    // Silence after which a run that has ended leaves memory.
    std::chrono::nanoseconds quiet_time = std::chrono::seconds(30);
    // Bounds of memory: about 350 bytes a span.
    std::size_t max_open_runs = 100'000;
    std::size_t max_spans = 500'000;
    // While more spans are held than this, runs that are over are let go before their quiet time.
    std::size_t kept_spans = 150'000;
    std::size_t max_spans_of_run = 200'000;
    SignOptions signs;
  };

  Runs(const Options& options, History& history, Rollups& rollups, Rates& rates,
       base::LossTable& losses)
      : options_(options), history_(history), rollups_(rollups), rates_(rates), losses_(losses) {}

  // Totals of durable storage as of the start, without the runs that Resume is told of.
  Totals& totals() { return totals_; }

  // A run that goes on, from durable storage.
  void Resume(const model::BatchPtr& rows, std::int64_t received_ns);

  // Takes in a batch. What follows from it shows after the next Refresh.
  void Apply(const model::Batch& batch);

  // Brings every run up to date that a batch touched, abandons what was silent for too long, lets
  // go of what is over. Returns the runs that changed; they stay until the next call.
  std::vector<const RunState*> Refresh(std::int64_t now_ns);

  // What holds of a run now; empty for one that is not in memory.
  std::vector<Sign> SignsOf(const model::TraceId& trace_id) const;

  // How often each sign was raised since the start, by SignKind.
  const std::array<std::uint64_t, kSignKinds>& raised_signs() const { return raised_signs_; }

  // Null when it is not in memory. Valid until the next call of a changing method.
  const RunState* Find(const model::TraceId& trace_id) const;
  const RunState* FindByRunId(std::string_view run_id) const;

  const Totals& totals() const { return totals_; }

  const RecentRuns& recent() const { return recent_; }

  RecentRuns& recent() { return recent_; }

  struct Size {
    std::size_t runs = 0;
    std::size_t open_runs = 0;
    std::size_t spans = 0;
  };

  Size size() const { return {.runs = runs_.size(), .open_runs = open_.size(), .spans = spans_}; }

 private:
  using Order = std::list<model::TraceId>;  // By last sign of life.

  // What a run has added to the sums outside it.
  struct Counted {
    bool is_counted = false;
    std::string workflow_id;
    RunCounts counts;
    std::vector<model::RollupEntry> entries;
  };

  struct Run {
    Run(const model::TraceId& trace_id, const SignOptions& options)
        : state(trace_id), signs(options) {}

    RunState state;
    RunSigns signs;
    bool is_learnt = false;  // The usual behaviour knows it.
    Counted counted;
    std::string run_id;  // Under which it is found, "" if none.
    bool is_open = true;
    bool is_dirty = false;
    bool is_new_here = true;  // False once: what it holds was counted by an earlier process.
    std::int64_t refreshed_ns = 0;
    Order::iterator place;
  };

  using RunPtr = std::unique_ptr<Run>;

  Run& RunOf(const model::TraceId& trace_id, const model::Batch& batch);
  void LoadOld(Run& run, const model::Batch& batch);
  void AddRow(Run& run, const model::Span& span);
  void MarkDirty(Run& run);
  void RefreshRun(Run& run, std::int64_t now_ns, bool is_recent);
  void Count(Run& run);
  void Learn(Run& run);
  // True when a sign came up or cleared.
  bool Watch(Run& run, std::int64_t now_ns);
  void WatchQuiet(std::int64_t now_ns, std::vector<const RunState*>& changed);
  void SetOpen(Run& run, bool is_open);
  void Abandon(std::int64_t now_ns, std::vector<const RunState*>& changed);
  void LetGo(std::int64_t now_ns);
  void Forget(const model::TraceId& trace_id);

  const Options options_;
  History& history_;
  Rollups& rollups_;
  Rates& rates_;
  base::LossTable& losses_;

  std::unordered_map<model::TraceId, RunPtr, model::TraceIdHasher> runs_;
  std::unordered_map<std::string, model::TraceId> by_run_id_;
  Order open_;  // Silent for longest first.
  Order done_;
  std::vector<model::TraceId> dirty_;
  std::size_t spans_ = 0;
  Totals totals_;
  RecentRuns recent_;
  UsualBehaviour usual_;
  std::array<std::uint64_t, kSignKinds> raised_signs_{};
  std::int64_t watched_ns_ = 0;
};

}  // namespace sightline::live
