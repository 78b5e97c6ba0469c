// SPDX-License-Identifier: Apache-2.0
#include "live/runs.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "base/check.h"
#include "base/utf8.h"
#include "model/run_bytes.h"

// What comes in and what becomes of runs. What is read of them is in run_reads.cc, signs of trouble
// in run_signs.cc.

namespace sightline::live {
namespace {

// Deriving a run again costs some 0.4 us a span; a large run that grows span by span is brought up
// to date less often, so that this takes at most a tenth of a core.
std::int64_t RefreshIntervalNs(std::size_t spans) {
  constexpr std::size_t kLargeRun = 500;
  constexpr std::int64_t kNsPerSpan = 4'000;
  return spans < kLargeRun ? 0 : static_cast<std::int64_t>(spans) * kNsPerSpan;
}

// What a span takes until the next estimate.
constexpr std::size_t kBytesPerSpan = 350;

}  // namespace

std::shared_ptr<const Runs::Stored> Runs::StoredOf(const RunState& state) {
  auto stored = std::make_shared<Stored>();
  stored->counted = state.counted();
  state.AppendFacts(-1, stored->facts);
  return stored;
}

// As it was after its last refresh.
std::unique_ptr<RunState> Runs::Unpack(const Run& run) const {
  auto state = std::make_unique<RunState>(
      RunState::Unpack(run.trace_id, run.packed, options_.max_spans_of_run));
  const model::RunRecord& record = *RecordOf(run);
  state->Seen(record.received_ns, record.position);
  state->Refresh(record.status == model::RunStatus::kRunning);
  return state;
}

RunState& Runs::StateOf(Run& run) {
  if (run.state == nullptr) {
    run.state = Unpack(run);
    run.packed = {};
  }
  return *run.state;
}

void Runs::PackState(Run& run) {
  if (run.state != nullptr && run.state->span_count() <= kPackedSpans) {
    run.packed = run.state->Pack();
    run.state = nullptr;
  }
}

void Runs::SetBytes(Run& run) {
  constexpr std::size_t kPlaces = 64;  // In maps and slots.
  constexpr std::size_t kSigns = 500;  // Without calls.
  constexpr std::size_t kEntry = 500;
  std::size_t bytes = sizeof(Run) + kPlaces + run.packed.capacity();
  bytes += run.slot == kNoSlot ? 0 : BytesOf(*RecordOf(run));
  bytes += run.state == nullptr ? 0 : run.state->bytes();
  bytes += run.signs == nullptr ? 0 : kSigns;
  if (run.stored != nullptr) {
    bytes +=
        sizeof(Stored) + run.stored->counted.entries.size() * kEntry + run.stored->facts.bytes();
  }
  bytes_ += bytes - run.bytes;
  run.bytes = bytes;
}

Runs::Run& Runs::Make(const model::TraceId& trace_id) {
  auto made = std::make_unique<Run>(trace_id);
  made->state = std::make_unique<RunState>(trace_id, options_.max_spans_of_run);
  return *runs_.emplace(trace_id, std::move(made)).first->second;
}

// The run of a trace that something has come of.
Runs::Run& Runs::Touch(const model::TraceId& trace_id, const model::Batch& batch, Time now) {
  Run* run = FindRun(trace_id);
  if (run == nullptr) {
    run = &Make(trace_id);
    if (batch.position != 0 && history_.MayKnow(trace_id, batch.position)) {
      run->phase = Phase::kWaiting;
      loads_.push_back({.trace_id = trace_id, .position = batch.position, .asked_at = now});
    }
  } else {
    ListOf(run->phase).Remove(*run);
  }
  run->position = std::max(run->position, batch.position);
  run->received_ns = std::max(run->received_ns, batch.received_ns);
  ListOf(run->phase).Insert(*run);
  if (run->phase != Phase::kWaiting) {
    MarkDirty(*run, batch.position);
  }
  return *run;
}

void Runs::AddRow(Run& run, const model::Span& span, std::int64_t received_ns) {
  RunState& state = StateOf(run);
  switch (state.Add(span)) {
    case RunState::Added::kNew:
      ++run.spans;
      ++spans_;
      run.bytes += kBytesPerSpan;
      bytes_ += kBytesPerSpan;
      break;
    case RunState::Added::kKnown:
      break;
    case RunState::Added::kAfterEnd:
      losses_.Count(base::Loss::kPendingAfterFinal);
      break;
    case RunState::Added::kOverLimit:
      losses_.Count(base::Loss::kLiveSpanOverLimit);
      break;
  }
  totals_.agents.See(base::TruncateUtf8(span.agent_name.empty() ? span.agent_id : span.agent_name,
                                        TextTable::kMaxBytes),
                     received_ns);
  const StepFacts facts = state.FactsOf(span.span_id);
  if (run.signs != nullptr) {
    run.signs->OnStep(facts);
  }
  if (facts.end_ns != 0 && model::IsStep(facts.kind)) {
    usual_.AddStep(facts.step_name, model::DurationNs(facts.start_ns, facts.end_ns));
  }
}

void Runs::MarkDirty(Run& run, std::uint64_t position) {
  if (!run.is_dirty) {
    run.is_dirty = true;
    dirty_.push_back({.run = &run, .position = position});
  }
}

void Runs::MarkChanged(Run& run) {
  if (!run.is_changed) {
    run.is_changed = true;
    changed_.push_back(run.trace_id);
  }
}

void Runs::Resume(std::span<const model::Span> old_rows, std::span<const model::Span> rows,
                  std::int64_t received_ns, std::uint64_t position) {
  const std::span<const model::Span> first = rows.empty() ? old_rows : rows;
  if (first.empty() || FindRun(first.front().trace_id) != nullptr) {
    return;
  }
  Run& run = Make(first.front().trace_id);
  for (const model::Span& span : old_rows) {
    AddRow(run, span, received_ns);
  }
  if (!old_rows.empty()) {
    run.state->Refresh(false);
    run.stored = StoredOf(*run.state);
  }
  for (const model::Span& span : rows) {
    AddRow(run, span, received_ns);
  }
  run.is_past = true;
  run.position = position;
  run.received_ns = received_ns;
  ListOf(run.phase).Insert(run);
  position_ = std::max(position_, position);
  MarkDirty(run, position);
}

void Runs::Apply(const model::Batch& batch, Time now) {
  for (const std::span<const model::Span> spans :
       {std::span(batch.spans), std::span(batch.pending)}) {
    // Those of a trace that follow each other.
    for (std::size_t begin = 0, end = 0; begin < spans.size(); begin = end) {
      const model::TraceId& trace_id = spans[begin].trace_id;
      while (end < spans.size() && spans[end].trace_id == trace_id) {
        ++end;
      }
      Run& run = Touch(trace_id, batch, now);
      StateOf(run).Reserve(end - begin);
      for (const model::Span& span : spans.subspan(begin, end - begin)) {
        AddRow(run, span, batch.received_ns);
      }
    }
  }
  position_ = std::max(position_, batch.position);
}

void Runs::Loaded(std::unique_ptr<RunState> old) {
  CHECK(!loads_.empty());
  const LoadRequest request = loads_.front();
  loads_.pop_front();
  Run* run = FindRun(request.trace_id);
  CHECK(run != nullptr && run->phase == Phase::kWaiting);
  if (old == nullptr) {
    losses_.Count(base::Loss::kLiveRunNotLoaded);
  } else if (old->span_count() > 0) {
    run->stored = StoredOf(*old);
    old->Absorb(*run->state);
    spans_ += old->span_count() - run->spans;
    run->spans = static_cast<std::uint32_t>(old->span_count());
    run->state = std::move(old);
    run->signs = nullptr;
  }
  SetPhase(*run, Phase::kOpen);
  SetBytes(*run);
  MarkDirty(*run, request.position);
  refreshed_position_ = std::min(refreshed_position_, request.position - 1);
}

void Runs::SetPhase(Run& run, Phase phase) {
  if (run.phase != phase) {
    ListOf(run.phase).Remove(run);
    run.phase = phase;
    ListOf(phase).Insert(run);
  }
}

// Puts what the run is now in the place of what it was.
void Runs::Count(Run& run, const Contribution& before) {
  const Contribution& now = run.state->counted();
  if (before.is_empty || before.workflow_id != now.workflow_id || before.counts != now.counts) {
    if (!before.is_empty) {
      totals_.Remove(before.workflow_id, before.counts);
    }
    totals_.Add(now.workflow_id, now.counts);
  }
  if (!std::exchange(run.is_past, false)) {
    rates_.Replace(before.entries, now.entries);
  }
  rollups_.Apply(before.entries, RollupChange::kRemove);
  const Rollups::Outcome outcome = rollups_.Apply(now.entries, RollupChange::kAdd);
  losses_.Count(base::Loss::kRollupKeyOverLimit, outcome.in_other);
  const model::RunRecord& record = *run.state->record();
  if (record.has_root) {
    totals_.workflows.See(record.workflow_id, record.received_ns);
  }
}

// A run that is over teaches what is usual, once.
void Runs::Learn(Run& run) {
  const model::RunRecord& record = *run.state->record();
  if (run.is_learnt || !model::IsFinal(record.status)) {
    return;
  }
  run.is_learnt = true;
  const RunFacts facts = run.state->Facts();
  usual_.AddRun(facts.workflow, {.duration_ns = model::DurationNs(record.start_ns, record.end_ns),
                                 .tokens = facts.tokens,
                                 .cost_picodollars = facts.cost_picodollars});
}

void Runs::SetRecord(Run& run, const RecordPtr& record) {
  std::string old_run_id;
  if (run.slot == kNoSlot) {
    run.slot = static_cast<std::uint32_t>(slots_.size());
    slots_.push_back({.record = record, .run = &run});
    cut_.Supersede(run.trace_id);
  } else {
    old_run_id = RecordOf(run)->run_id;
    slots_[run.slot].record = record;
    if (old_run_id == record->run_id) {
      return;
    }
  }
  const auto known = by_run_id_.find(old_run_id);
  if (known != by_run_id_.end() && known->second == run.trace_id) {
    by_run_id_.erase(known);
  }
  if (!record->run_id.empty()) {
    by_run_id_.insert_or_assign(record->run_id, run.trace_id);
  }
}

void Runs::RefreshRun(Run& run, std::int64_t now_ns, bool is_recent) {
  RunState& state = StateOf(run);
  const Contribution before = state.TakeCounted();
  state.Seen(run.received_ns, run.position);
  state.Refresh(is_recent);
  run.refreshed_ns = now_ns;
  Count(run, before);
  RecordPtr record = state.record();
  if (run.stored != nullptr) {
    auto newer = std::make_shared<model::RunRecord>(*record);
    newer->is_newer_version = true;
    record = std::move(newer);
  }
  SetRecord(run, record);
  SetPhase(run, record->status == model::RunStatus::kRunning ? Phase::kOpen : Phase::kDone);
  Learn(run);
  if (IsWorthWatching(run, now_ns)) {
    Watch(run, now_ns);
  }
  recent_.Put(record);
  PackState(run);
  SetBytes(run);
  MarkChanged(run);
}

void Runs::Refresh(std::int64_t now_ns) {
  LetGo(now_ns);
  std::vector<Dirty> later;
  std::uint64_t refreshed = position_;
  for (const Dirty& dirty : std::exchange(dirty_, {})) {
    Run& run = *dirty.run;
    const std::int64_t age_ns = now_ns - run.refreshed_ns;
    if (run.slot != kNoSlot && age_ns >= 0 && age_ns < RefreshIntervalNs(run.spans)) {
      later.push_back(dirty);
      refreshed = std::min(refreshed, dirty.position - 1);
      continue;
    }
    run.is_dirty = false;
    RefreshRun(run, now_ns, now_ns - run.received_ns <= options_.idle_limit.count());
  }
  dirty_.insert(dirty_.end(), later.begin(), later.end());
  refreshed_position_ = refreshed;
  Abandon(now_ns);
  WatchQuiet(now_ns);
}

bool Runs::IsOverLimit() const {
  return bytes_ > options_.max_bytes || spans_ > options_.max_spans;
}

void Runs::Abandon(std::int64_t now_ns) {
  RunList<Run>& open = ListOf(Phase::kOpen);
  Run* next = nullptr;
  for (Run* run = open.front(); run != nullptr; run = next) {
    next = run->next;
    const bool is_silent = now_ns - run->received_ns > options_.idle_limit.count();
    // While there are runs that are over, they make room: at the next refresh.
    const bool has_no_room = IsOverLimit() && ListOf(Phase::kDone).empty();
    if (!is_silent && !has_no_room && open.size() <= options_.max_open_runs) {
      break;
    }
    if (run->is_dirty) {
      continue;
    }
    if (!is_silent) {
      losses_.Count(base::Loss::kRunAbandonedEarly);
    }
    RefreshRun(*run, now_ns, false);
    if (has_no_room) {
      Settle(*run);
    }
  }
}

void Runs::LetGo(std::int64_t now_ns) {
  Run* next = nullptr;
  for (Run* run = ListOf(Phase::kDone).front(); run != nullptr; run = next) {
    next = run->next;
    const bool is_quiet = now_ns - run->received_ns > options_.quiet_time.count();
    if (!is_quiet && !IsOverLimit() && spans_ <= options_.kept_spans) {
      break;
    }
    if (!run->is_dirty && !run->is_changed) {
      Settle(*run);
    }
  }
}

void Runs::LetGoOfDone(std::int64_t now_ns) {
  Refresh(now_ns);
  TakeChanged();
  Run* next = nullptr;
  for (Run* run = ListOf(Phase::kDone).front(); run != nullptr; run = next) {
    next = run->next;
    if (!run->is_dirty) {
      Settle(*run);
    }
  }
}

void Runs::Settle(Run& run) {
  const RecordPtr record = RecordOf(run);
  const RunState& state = StateOf(run);
  cut_.Settle(record, state.counted(), run.stored == nullptr ? nullptr : &run.stored->counted);
  state.AppendFacts(1, cut_.facts());
  if (run.stored != nullptr) {
    cut_.facts().Append(run.stored->facts, 1);
  }
  Forget(run);
}

void Runs::Forget(Run& run) {
  spans_ -= run.spans;
  bytes_ -= run.bytes;
  const auto named = by_run_id_.find(RecordOf(run)->run_id);
  if (named != by_run_id_.end() && named->second == run.trace_id) {
    by_run_id_.erase(named);
  }
  slots_.back().run->slot = run.slot;
  slots_[run.slot] = std::move(slots_.back());
  slots_.pop_back();
  ListOf(run.phase).Remove(run);
  runs_.erase(model::TraceId(run.trace_id));
}

}  // namespace sightline::live
