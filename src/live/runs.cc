// SPDX-License-Identifier: Apache-2.0
#include "live/runs.h"

#include <algorithm>
#include <utility>

namespace sightline::live {
namespace {

// Deriving a run again costs some 0.4 us a span; a large run that grows span by span is brought up
// to date less often, so that this takes at most a tenth of a core.
std::int64_t RefreshIntervalNs(std::size_t spans) {
  constexpr std::size_t kLargeRun = 500;
  constexpr std::int64_t kNsPerSpan = 4'000;
  return spans < kLargeRun ? 0 : static_cast<std::int64_t>(spans) * kNsPerSpan;
}

RunCounts CountsOf(const RunSummary& summary) {
  RunCounts counts;
  counts.of(summary.status) = 1;
  counts.open_steps = static_cast<std::int64_t>(summary.open_steps);
  if (summary.status == model::RunStatus::kCompleted) {
    counts.completed_ns = summary.end_ns - summary.start_ns;
  }
  return counts;
}

bool Holds(const model::Batch& batch, const model::Span& span) {
  const std::vector<model::Span>& rows =
      span.has_mark(model::Mark::kPlaceholder) ? batch.pending : batch.spans;
  return std::any_of(rows.begin(), rows.end(), [&](const model::Span& row) {
    return row.span_id == span.span_id && row.trace_id == span.trace_id;
  });
}

}  // namespace

const RunState* Runs::Find(const model::TraceId& trace_id) const {
  const auto it = runs_.find(trace_id);
  return it == runs_.end() ? nullptr : &it->second->state;
}

const RunState* Runs::FindByRunId(std::string_view run_id) const {
  const auto it = by_run_id_.find(std::string(run_id));
  return it == by_run_id_.end() ? nullptr : Find(it->second);
}

Runs::Run& Runs::RunOf(const model::TraceId& trace_id, const model::Batch& batch) {
  const auto it = runs_.find(trace_id);
  if (it != runs_.end()) {
    return *it->second;
  }
  Run& run =
      *runs_.emplace(trace_id, std::make_unique<Run>(trace_id, options_.signs)).first->second;
  run.place = open_.insert(open_.end(), trace_id);
  if (batch.position != 0 && history_.MayKnow(trace_id, batch.position)) {
    LoadOld(run, batch);
  }
  return run;
}

// What came of the run before `batch` is part of the sums already.
void Runs::LoadOld(Run& run, const model::Batch& batch) {
  const auto rows = history_.Load(run.state.trace_id());
  if (!rows.has_value()) {
    losses_.Count(base::Loss::kLiveRunNotLoaded);
    return;
  }
  for (const model::Span& span : (*rows)->spans) {
    if (!Holds(batch, span)) {
      AddRow(run, span);
    }
  }
  if (run.state.span_count() == 0) {
    return;
  }
  run.state.Refresh(false);
  run.counted = {.is_counted = true,
                 .workflow_id = run.state.summary().workflow_id,
                 .counts = CountsOf(run.state.summary()),
                 .entries = run.state.contribution()};
}

void Runs::AddRow(Run& run, const model::Span& span) {
  const std::size_t before = run.state.span_count();
  if (before >= options_.max_spans_of_run && !run.state.Knows(span.span_id)) {
    losses_.Count(base::Loss::kLiveSpanOverLimit);
    return;
  }
  if (!span.has_mark(model::Mark::kPlaceholder)) {
    run.state.AddSpan(span);
  } else if (!run.state.AddPending(span)) {
    losses_.Count(base::Loss::kPendingAfterFinal);
  }
  spans_ += run.state.span_count() - before;
  const StepFacts facts = run.state.FactsOf(span.span_id);
  run.signs.OnStep(facts);
  if (facts.end_ns != 0 && model::IsStep(facts.kind)) {
    usual_.AddStep(facts.step_name, facts.end_ns - facts.start_ns);
  }
}

void Runs::MarkDirty(Run& run) {
  if (!run.is_dirty) {
    run.is_dirty = true;
    dirty_.push_back(run.state.trace_id());
  }
}

void Runs::Resume(const model::BatchPtr& rows, std::int64_t received_ns) {
  if (rows->spans.empty()) {
    return;
  }
  Run& run = RunOf(rows->spans.front().trace_id, model::Batch{});
  for (const model::Span& span : rows->spans) {
    AddRow(run, span);
  }
  run.is_new_here = false;
  run.state.Seen(received_ns, 0);
  MarkDirty(run);
}

void Runs::Apply(const model::Batch& batch) {
  Run* run = nullptr;
  for (const auto* spans : {&batch.spans, &batch.pending}) {
    for (const model::Span& span : *spans) {
      if (run == nullptr || run->state.trace_id() != span.trace_id) {
        run = &RunOf(span.trace_id, batch);
        run->state.Seen(batch.received_ns, batch.position);
        Order& order = run->is_open ? open_ : done_;
        order.splice(order.end(), order, run->place);
        MarkDirty(*run);
      }
      AddRow(*run, span);
    }
  }
}

void Runs::Count(Run& run) {
  const RunSummary& summary = run.state.summary();
  const RunCounts counts = CountsOf(summary);
  if (!run.counted.is_counted || run.counted.workflow_id != summary.workflow_id ||
      run.counted.counts != counts) {
    if (run.counted.is_counted) {
      totals_.Remove(run.counted.workflow_id, run.counted.counts);
    }
    totals_.Add(summary.workflow_id, counts);
  }
  if (run.is_new_here) {
    rates_.Replace(run.counted.entries, run.state.contribution());
  }
  run.is_new_here = true;
  rollups_.Apply(run.counted.entries, RollupChange::kRemove);
  const Rollups::Outcome outcome = rollups_.Apply(run.state.contribution(), RollupChange::kAdd);
  losses_.Count(base::Loss::kRollupKeyOverLimit, outcome.in_other);
  run.counted = {.is_counted = true,
                 .workflow_id = summary.workflow_id,
                 .counts = counts,
                 .entries = run.state.contribution()};
  if (summary.has_root) {
    totals_.workflows.See(summary.workflow_id, summary.last_received_ns);
  }
  for (const std::string_view agent : run.state.agents()) {
    totals_.agents.See(agent, summary.last_received_ns);
  }
}

// A run that is over teaches what is usual, once.
void Runs::Learn(Run& run) {
  if (run.is_learnt || !model::IsFinal(run.state.summary().status)) {
    return;
  }
  run.is_learnt = true;
  const RunFacts facts = run.state.Facts();
  usual_.AddRun(facts.workflow,
                {.duration_ns = run.state.summary().end_ns - run.state.summary().start_ns,
                 .tokens = facts.tokens,
                 .cost_picodollars = facts.cost_picodollars});
}

bool Runs::Watch(Run& run, std::int64_t now_ns) {
  run.signs.OnRun(run.state.Facts());
  const RunSigns::Changes changes = run.signs.Evaluate(now_ns, usual_);
  for (const Sign& sign : changes.raised) {
    ++raised_signs_[static_cast<std::size_t>(sign.kind)];
  }
  return !changes.raised.empty() || !changes.cleared.empty();
}

// Some signs come from nothing happening.
void Runs::WatchQuiet(std::int64_t now_ns, std::vector<const RunState*>& changed) {
  constexpr std::int64_t kIntervalNs = 1'000'000'000;
  if (now_ns - watched_ns_ < kIntervalNs && now_ns >= watched_ns_) {
    return;
  }
  watched_ns_ = now_ns;
  for (const model::TraceId& id : open_) {
    Run& run = *runs_.at(id);
    if (run.refreshed_ns != now_ns && Watch(run, now_ns)) {
      changed.push_back(&run.state);
    }
  }
}

std::vector<Sign> Runs::SignsOf(const model::TraceId& trace_id) const {
  const auto it = runs_.find(trace_id);
  return it == runs_.end() ? std::vector<Sign>{} : it->second->signs.active();
}

void Runs::SetOpen(Run& run, bool is_open) {
  if (run.is_open == is_open) {
    return;
  }
  Order& from = run.is_open ? open_ : done_;
  Order& to = is_open ? open_ : done_;
  to.splice(to.end(), from, run.place);
  run.is_open = is_open;
}

void Runs::RefreshRun(Run& run, std::int64_t now_ns, bool is_recent) {
  run.state.Refresh(is_recent);
  run.refreshed_ns = now_ns;
  Count(run);
  const RunSummary& summary = run.state.summary();
  SetOpen(run, summary.status == model::RunStatus::kRunning);
  Learn(run);
  Watch(run, now_ns);
  recent_.Put(summary);
  if (run.run_id.empty() && summary.execution_id != summary.trace_id.ToHex()) {
    run.run_id = summary.execution_id;
    by_run_id_.insert_or_assign(run.run_id, summary.trace_id);
  }
}

std::vector<const RunState*> Runs::Refresh(std::int64_t now_ns) {
  LetGo(now_ns);  // First: what is returned must stay.
  std::vector<const RunState*> changed;
  std::vector<model::TraceId> later;
  for (const model::TraceId& id : std::exchange(dirty_, {})) {
    Run& run = *runs_.at(id);
    const std::int64_t age_ns = now_ns - run.refreshed_ns;
    if (age_ns >= 0 && age_ns < RefreshIntervalNs(run.state.span_count())) {
      later.push_back(id);
      continue;
    }
    run.is_dirty = false;
    RefreshRun(run, now_ns, now_ns - run.state.received_ns() <= options_.idle_limit.count());
    changed.push_back(&run.state);
  }
  dirty_.insert(dirty_.end(), later.begin(), later.end());
  Abandon(now_ns, changed);
  WatchQuiet(now_ns, changed);
  return changed;
}

void Runs::Abandon(std::int64_t now_ns, std::vector<const RunState*>& changed) {
  while (!open_.empty()) {
    Run& run = *runs_.at(open_.front());
    const bool is_silent = now_ns - run.state.received_ns() > options_.idle_limit.count();
    const bool is_room_short =
        open_.size() > options_.max_open_runs || (spans_ > options_.max_spans && done_.empty());
    if (run.is_dirty || (!is_silent && !is_room_short)) {
      break;
    }
    if (!is_silent) {
      losses_.Count(base::Loss::kRunAbandonedEarly);
    }
    RefreshRun(run, now_ns, false);
    SetOpen(run, false);
    changed.push_back(&run.state);
  }
}

void Runs::LetGo(std::int64_t now_ns) {
  const std::uint64_t sealed = history_.sealed_position();
  while (!done_.empty()) {
    const Run& run = *runs_.at(done_.front());
    const bool is_over = now_ns - run.state.received_ns() > options_.quiet_time.count() &&
                         run.state.position() <= sealed;
    if (run.is_dirty || (!is_over && spans_ <= std::min(options_.max_spans, options_.kept_spans))) {
      break;
    }
    Forget(done_.front());
  }
}

void Runs::Forget(const model::TraceId& trace_id) {
  const auto it = runs_.find(trace_id);
  Run& run = *it->second;
  spans_ -= run.state.span_count();
  if (!run.run_id.empty()) {
    by_run_id_.erase(run.run_id);
  }
  (run.is_open ? open_ : done_).erase(run.place);
  runs_.erase(it);
}

}  // namespace sightline::live
