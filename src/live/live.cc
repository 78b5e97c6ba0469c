// SPDX-License-Identifier: Apache-2.0
#include "live/live.h"

#include <algorithm>
#include <memory>
#include <span>
#include <utility>

#include "base/thread_name.h"

namespace sightline::live {
namespace {

constexpr std::int64_t kNsPerMinute = 60'000'000'000;
constexpr std::int64_t kNsPerDay = 86'400'000'000'000;

// The queue is looked at this often even if nothing comes, for what changes by time alone: windows
// that move and runs that fall silent.
constexpr std::chrono::milliseconds kIdleTick{500};

// A watched run is described at most this often; a large one less, for its description is long.
std::int64_t TellIntervalNs(std::size_t spans) {
  constexpr std::int64_t kLeastNs = 40'000'000;
  constexpr std::int64_t kNsPerSpan = 500'000;
  constexpr std::int64_t kMostNs = 1'000'000'000;
  return std::clamp(static_cast<std::int64_t>(spans) * kNsPerSpan, kLeastNs, kMostNs);
}

}  // namespace

Live::Live(const Options& options, History& history, const base::Clock& clock,
           base::LossTable& losses)
    : options_(options),
      clock_(clock),
      rates_(clock),
      rollups_(clock.NowNs() / kNsPerMinute, options.rollups),
      runs_(options.runs, history, rollups_, rates_, losses) {}

Live::~Live() {
  Stop();
}

void Live::AddTotals(const std::string& workflow_id, const RunCounts& counts,
                     std::int64_t last_received_ns) {
  base::MutexLock lock(mutex_);
  runs_.totals().Add(workflow_id, counts);
  runs_.totals().workflows.See(workflow_id, last_received_ns);
}

void Live::AddAgent(std::string_view name, std::int64_t last_received_ns) {
  base::MutexLock lock(mutex_);
  runs_.totals().agents.See(name, last_received_ns);
}

void Live::Resume(const model::BatchPtr& rows, std::int64_t received_ns) {
  if (rows->spans.empty()) {
    return;
  }
  base::MutexLock lock(mutex_);
  resumed_.emplace(rows->spans.front().trace_id, true);
  runs_.Resume(rows, received_ns);
}

void Live::AddRecent(const RunSummary& summary) {
  base::MutexLock lock(mutex_);
  runs_.recent().Put(summary);
}

void Live::Start(CatchUp catch_up) {
  {
    base::MutexLock lock(mutex_);
    runs_.Refresh(clock_.NowNs());
    is_catching_up_ = true;
  }
  thread_ = std::jthread([this] {
    base::NameThread("live");
    Run();
  });
  catch_up_thread_ =
      std::jthread([this, catch_up = std::move(catch_up)](const std::stop_token& stop) {
        base::NameThread("live-catch-up");
        catch_up(stop);
        base::MutexLock lock(mutex_);
        is_catching_up_ = false;
        resumed_.clear();
      });
}

void Live::AddPast(std::span<const model::Span> spans) {
  if (spans.empty()) {
    return;
  }
  {
    base::MutexLock lock(mutex_);
    if (resumed_.contains(spans.front().trace_id)) {
      return;
    }
  }
  RunState run(spans.front().trace_id);
  for (const model::Span& span : spans) {
    run.AddSpan(span);
  }
  run.Refresh(false);
  rollups_.Apply(run.contribution(), RollupChange::kAdd);
}

void Live::Add(model::BatchPtr batch) {
  {
    base::MutexLock lock(queue_mutex_);
    while (queue_.size() >= options_.max_waiting_batches && !is_stopping_) {
      has_room_.Wait(queue_mutex_);
    }
    queue_.push_back(std::move(batch));
    ++added_;
  }
  not_empty_.NotifyOne();
}

void Live::Stop() {
  catch_up_thread_.request_stop();
  {
    base::MutexLock lock(queue_mutex_);
    is_stopping_ = true;
  }
  not_empty_.NotifyAll();
  has_room_.NotifyAll();
  if (thread_.joinable()) {
    thread_.join();
  }
  if (catch_up_thread_.joinable()) {
    catch_up_thread_.join();
  }
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

const RunState* Live::Find(std::string_view execution_id) const {
  if (const auto trace_id = model::TraceId::FromHex(execution_id)) {
    if (const RunState* run = runs_.Find(*trace_id)) {
      return run;
    }
  }
  return runs_.FindByRunId(execution_id);
}

RunSnapshotPtr Live::FindRun(std::string_view execution_id) const {
  base::MutexLock lock(mutex_);
  const RunState* run = Find(execution_id);
  // One that no Refresh has seen yet is not known yet.
  if (run == nullptr || run->summary().execution_id.empty()) {
    return nullptr;
  }
  return SnapshotOf(*run);
}

RunSnapshotPtr Live::SnapshotOf(const RunState& run) const {
  RunSnapshot snapshot = run.Snapshot();
  snapshot.signs = runs_.SignsOf(run.trace_id());
  return std::make_shared<const RunSnapshot>(std::move(snapshot));
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
  base::MutexLock lock(mutex_);
  const Totals& totals = runs_.totals();
  figures.is_catching_up = is_catching_up_;
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
  return stats;
}

void Live::Flush() {
  base::MutexLock lock(queue_mutex_);
  const std::uint64_t wanted = added_;
  is_flushing_ = true;
  not_empty_.NotifyAll();
  while (told_ < wanted && !is_stopping_) {
    is_idle_.Wait(queue_mutex_);
  }
}

std::deque<model::BatchPtr> Live::TakeBatches(std::chrono::nanoseconds wait) {
  std::deque<model::BatchPtr> batches;
  {
    base::MutexLock lock(queue_mutex_);
    if (queue_.empty() && !is_stopping_ && !is_flushing_) {
      not_empty_.WaitFor(queue_mutex_, wait);
    }
    batches.swap(queue_);
  }
  has_room_.NotifyAll();
  return batches;
}

void Live::CollectSpans(const model::BatchPtr& batch, LiveUpdate& update) {
  if (watched_traces_.empty()) {
    return;
  }
  std::unordered_map<model::TraceId, std::size_t, model::TraceIdHasher> places;
  for (const auto* spans : {&batch->spans, &batch->pending}) {
    for (const model::Span& span : *spans) {
      if (!watched_traces_.contains(span.trace_id)) {
        continue;
      }
      const auto [place, is_new] = places.try_emplace(span.trace_id, update.spans.size());
      if (is_new) {
        update.spans.push_back({.trace_id = span.trace_id, .batch = batch, .spans = {}});
      }
      update.spans[place->second].spans.push_back(&span);
    }
  }
}

void Live::TakeIn(const std::deque<model::BatchPtr>& batches, LiveUpdate& update) {
  for (const model::BatchPtr& batch : batches) {
    rates_.Add(*batch);
    base::MutexLock lock(mutex_);
    runs_.Apply(*batch);
    CollectSpans(batch, update);
  }
}

void Live::MarkWatched(const RunState& run) {
  for (const std::string& id : {run.trace_id().ToHex(), run.summary().execution_id}) {
    const auto it = watched_runs_.find(id);
    if (it != watched_runs_.end()) {
      it->second.is_due = true;
    }
  }
}

void Live::TellWatched(std::int64_t now_ns, LiveUpdate& update) {
  for (auto& [execution_id, watched] : watched_runs_) {
    if (!watched.is_due) {
      continue;
    }
    const RunState* run = Find(execution_id);
    if (run == nullptr) {
      watched.is_due = false;
      continue;
    }
    // The end is told at once.
    if (!model::IsFinal(run->summary().status) &&
        now_ns - watched.told_ns < TellIntervalNs(run->span_count())) {
      continue;
    }
    watched.is_due = false;
    watched.told_ns = now_ns;
    update.runs.push_back(SnapshotOf(*run));
  }
}

void Live::Tick(LiveUpdate& update) {
  const std::int64_t now_ns = clock_.NowNs();
  rollups_.Advance(now_ns / kNsPerMinute);
  base::MutexLock lock(mutex_);
  const std::vector<const RunState*> changed = runs_.Refresh(now_ns);
  update.has_new_figures = !changed.empty();
  if (!watched_runs_.empty()) {
    for (const RunState* run : changed) {
      MarkWatched(*run);
    }
    TellWatched(now_ns, update);
  }
}

void Live::Tell(const LiveUpdate& update) {
  std::shared_ptr<const Listener> listener;
  {
    base::MutexLock lock(mutex_);
    listener = listener_;
  }
  if (listener != nullptr &&
      (update.has_new_figures || !update.runs.empty() || !update.spans.empty())) {
    (*listener)(update);
  }
}

void Live::Run() {
  auto next_tick = std::chrono::steady_clock::now();
  std::uint64_t taken = 0;
  LiveUpdate update;
  while (true) {
    const auto now = std::chrono::steady_clock::now();
    const bool has_work = taken != 0 || !update.spans.empty();
    const std::chrono::nanoseconds wait =
        has_work ? std::max<std::chrono::nanoseconds>(next_tick - now, std::chrono::nanoseconds(0))
                 : std::chrono::nanoseconds(kIdleTick);
    const std::deque<model::BatchPtr> batches = TakeBatches(wait);
    TakeIn(batches, update);
    taken += batches.size();
    bool is_last = false;
    bool is_flushing = false;
    {
      base::MutexLock lock(queue_mutex_);
      is_last = is_stopping_ && queue_.empty();
      is_flushing = is_flushing_;
    }
    const bool is_idle_tick = batches.empty() && !has_work;
    if (!is_last && !is_flushing && !is_idle_tick && std::chrono::steady_clock::now() < next_tick) {
      continue;
    }
    Tick(update);
    Tell(std::exchange(update, {}));
    next_tick = std::chrono::steady_clock::now() + options_.tick;
    {
      base::MutexLock lock(queue_mutex_);
      told_ += std::exchange(taken, 0);
      is_flushing_ = is_flushing_ && told_ < added_;
    }
    is_idle_.NotifyAll();
    if (is_last) {
      return;
    }
  }
}

}  // namespace sightline::live
