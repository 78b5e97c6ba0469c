// SPDX-License-Identifier: Apache-2.0
#include "live/live.h"

#include <chrono>
#include <cmath>
#include <memory>
#include <span>
#include <utility>

// What live state is told at the start, and what is read of it. Its queue and its threads are in
// live_threads.cc.

namespace sightline::live {
namespace {

constexpr std::int64_t kNsPerMinute = 60'000'000'000;
constexpr std::int64_t kNsPerDay = 86'400'000'000'000;

// Figures that are older are late.
constexpr std::chrono::milliseconds kLate{1000};

}  // namespace

Live::Live(const Options& options, History& history, const base::Clock& clock,
           base::LossTable& losses)
    : options_(options),
      history_(history),
      clock_(clock),
      losses_(losses),
      rates_(clock),
      rollups_(clock.NowNs() / kNsPerMinute, options.rollups),
      runs_(options.runs, history, rollups_, rates_, losses) {}

Live::~Live() {
  Stop();
}

void Live::AddTotals(std::span<const model::WorkflowDelta> totals) {
  base::MutexLock lock(mutex_);
  for (const model::WorkflowDelta& delta : totals) {
    // Centuries of centuries fit; what does not is not a number.
    const double nanoseconds = delta.completed_seconds * 1e9;
    const bool is_sound = std::abs(nanoseconds) < 1e36;
    runs_.totals().Add(delta.workflow_id,
                       {.completed = delta.completed,
                        .failed = delta.failed,
                        .cancelled = delta.cancelled,
                        .abandoned = delta.abandoned,
                        .completed_ns = is_sound ? static_cast<RunCounts::Wide>(nanoseconds) : 0});
    if (delta.last_received_ns != 0) {
      runs_.totals().workflows.See(delta.workflow_id, delta.last_received_ns);
    }
  }
}

void Live::AddAgents(std::span<const model::NameSeen> agents) {
  base::MutexLock lock(mutex_);
  for (const model::NameSeen& agent : agents) {
    runs_.totals().agents.See(agent.name, agent.last_received_ns);
  }
}

void Live::AddRollups(std::span<const model::RollupEntry> entries) {
  rollups_.Apply(entries, RollupChange::kAdd);
}

void Live::AddRecent(const model::RunRecord& record) {
  auto shared = std::make_shared<const model::RunRecord>(record);
  base::MutexLock lock(mutex_);
  runs_.recent().Put(shared);
}

void Live::Resume(std::span<const model::Span> old_rows, std::span<const model::Span> rows,
                  std::int64_t received_ns, std::uint64_t position) {
  base::MutexLock lock(mutex_);
  runs_.Resume(old_rows, rows, received_ns, position);
}

void Live::SetCatchingUp(bool is_adding_history) {
  base::MutexLock lock(mutex_);
  is_adding_history_ = is_adding_history;
}

bool Live::is_adding_history() const {
  base::MutexLock lock(mutex_);
  return is_adding_history_;
}

bool Live::Holds(const model::TraceId& trace_id) const {
  base::MutexLock lock(mutex_);
  return runs_.Holds(trace_id);
}

model::LiveCut Live::TakeCut() {
  CutBuilder builder;
  std::uint64_t position = 0;
  std::uint64_t open_position = 0;
  {
    base::MutexLock lock(mutex_);
    runs_.Refresh(clock_.NowNs());
    builder = runs_.TakeCut();
    position = runs_.position();
    open_position = runs_.open_position();
  }
  model::LiveCut cut = std::move(builder).Finish();
  cut.position = position;
  cut.open_position = open_position;
  return cut;
}

model::FactTable Live::FactsInMemory() const {
  model::FactTable table;
  std::vector<Runs::Held> held;
  {
    base::MutexLock lock(mutex_);
    runs_.Refresh(clock_.NowNs());
    held = runs_.AllHeld();
    table.Append(runs_.cut().facts(), 1);
  }
  for (const Runs::Held& run : held) {
    Runs::AppendFacts(run, table);
  }
  return table;
}

void Live::VisitRuns(const std::function<bool(const model::RunRecord&)>& visit) const {
  std::vector<RecordPtr> records;
  {
    base::MutexLock lock(mutex_);
    runs_.Refresh(clock_.NowNs());
    records = runs_.Records();
  }
  for (const RecordPtr& record : records) {
    if (!visit(*record)) {
      return;
    }
  }
}

RecordPtr Live::FindRecord(std::string_view execution_id) const {
  base::MutexLock lock(mutex_);
  runs_.Refresh(clock_.NowNs());
  return Find(execution_id);
}

void Live::SetListener(Listener listener) {
  auto shared = listener ? std::make_shared<const Listener>(std::move(listener)) : nullptr;
  base::MutexLock lock(mutex_);
  listener_ = std::move(shared);
}

void Live::WatchRun(const std::string& execution_id) {
  base::MutexLock lock(mutex_);
  ++watched_runs_[execution_id].watchers;
}

void Live::UnwatchRun(const std::string& execution_id) {
  base::MutexLock lock(mutex_);
  const auto it = watched_runs_.find(execution_id);
  if (it != watched_runs_.end() && --it->second.watchers == 0) {
    watched_runs_.erase(it);
  }
}

void Live::WatchSpans(const model::TraceId& trace_id) {
  base::MutexLock lock(mutex_);
  ++watched_traces_[trace_id];
}

void Live::UnwatchSpans(const model::TraceId& trace_id) {
  base::MutexLock lock(mutex_);
  const auto it = watched_traces_.find(trace_id);
  if (it != watched_traces_.end() && --it->second == 0) {
    watched_traces_.erase(it);
  }
}

RecordPtr Live::Find(std::string_view execution_id) const {
  if (const auto trace_id = model::TraceId::FromHex(execution_id)) {
    if (RecordPtr record = runs_.FindRecord(*trace_id)) {
      return record;
    }
  }
  return runs_.FindRecordByRunId(execution_id);
}

RunSnapshotPtr Live::SnapshotOf(const model::TraceId& trace_id) const {
  std::optional<RunSnapshot> snapshot = runs_.Snapshot(trace_id);
  return snapshot ? std::make_shared<const RunSnapshot>(*std::move(snapshot)) : nullptr;
}

RunSnapshotPtr Live::FindRun(std::string_view execution_id) const {
  base::MutexLock lock(mutex_);
  const RecordPtr record = Find(execution_id);
  return record == nullptr ? nullptr : SnapshotOf(record->trace_id);
}

std::vector<Sign> Live::SignsOf(const model::TraceId& trace_id) const {
  base::MutexLock lock(mutex_);
  return runs_.SignsOf(trace_id);
}

Figures Live::figures(std::optional<std::string_view> workflow) const {
  const std::int64_t since_ns = clock_.NowNs() - kNsPerDay;
  const auto sums = [&](model::Window window) {
    if (!workflow) {
      return rollups_.Total(window).counts;
    }
    const auto groups = rollups_.GroupBy(window, model::Dimension::kWorkflow, workflow);
    const auto group = groups.find(std::string(*workflow));
    return group == groups.end() ? model::RollupCounts{} : group->second.counts;
  };
  const model::RollupCounts day = sums(model::Window::k24Hours);
  Figures figures{.failed_last_hour = sums(model::Window::k1Hour).runs_failed,
                  .failed_last_day = day.runs_failed,
                  .failed_steps_last_day = day.failed_steps,
                  .started_last_five_minutes = sums(model::Window::k5Minutes).runs_started};
  std::size_t agents_of_workflow = 0;
  if (workflow) {
    for (const auto& [agent, agent_sums] :
         rollups_.GroupBy(model::Window::k24Hours, model::Dimension::kAgent, workflow)) {
      agents_of_workflow += agent.empty() ? 0U : 1U;
    }
  }
  figures.lag_ms = lag();
  base::MutexLock lock(mutex_);
  const Totals& totals = runs_.totals();
  const Runs::LoadRequest* load = runs_.NextLoad();
  figures.is_catching_up = is_adding_history_ ||
                           figures.lag_ms > static_cast<double>(kLate.count()) ||
                           (load != nullptr && clock_.SteadyNow() - load->asked_at > kLate);
  if (workflow) {
    figures.runs = totals.of(std::string(*workflow));
    figures.agents = figures.active_agents = agents_of_workflow;
    figures.workflows = figures.runs.total() > 0 ? 1 : 0;
    figures.active_workflows = day.runs_started > 0 || figures.runs.running > 0 ? 1 : 0;
    return figures;
  }
  figures.runs = totals.all();
  figures.agents = totals.agents.count();
  figures.active_agents = totals.agents.CountSince(since_ns);
  figures.workflows = totals.workflows.count();
  figures.active_workflows = totals.workflows.CountSince(since_ns);
  return figures;
}

std::vector<RunSummary> Live::recent_runs(std::size_t limit) const {
  base::MutexLock lock(mutex_);
  return runs_.recent().Newest(limit);
}

Live::Stats Live::stats() const {
  Stats stats;
  {
    base::MutexLock lock(mutex_);
    stats.runs = runs_.size();
    stats.raised_signs = runs_.raised_signs();
    stats.watched = watched_runs_.size() + watched_traces_.size();
  }
  base::MutexLock lock(queue_mutex_);
  stats.waiting_batches = queue_.size();
  stats.waiting_bytes = waiting_bytes_;
  return stats;
}

}  // namespace sightline::live
