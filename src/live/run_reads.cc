// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "live/runs.h"

// What is read of runs.

namespace sightline::live {

Runs::Run* Runs::FindRun(const model::TraceId& trace_id) const {
  const auto it = runs_.find(trace_id);
  return it == runs_.end() ? nullptr : it->second.get();
}

std::optional<RunSnapshot> Runs::Snapshot(const model::TraceId& trace_id) const {
  const Run* run = FindRun(trace_id);
  if (run == nullptr || run->slot == kNoSlot) {
    return std::nullopt;
  }
  RunSnapshot snapshot = run->state != nullptr ? run->state->Snapshot() : Unpack(*run)->Snapshot();
  snapshot.signs = SignsOf(trace_id);
  return snapshot;
}

RecordPtr Runs::FindRecord(const model::TraceId& trace_id) const {
  const Run* run = FindRun(trace_id);
  return run != nullptr && run->slot != kNoSlot ? RecordOf(*run) : cut_.Find(trace_id);
}

RecordPtr Runs::FindRecordByRunId(std::string_view run_id) const {
  const auto it = by_run_id_.find(std::string(run_id));
  return it != by_run_id_.end() ? FindRecord(it->second) : cut_.FindByRunId(run_id);
}

std::vector<RecordPtr> Runs::Records() const {
  std::vector<RecordPtr> records;
  records.reserve(slots_.size());
  for (const Slot& slot : slots_) {
    records.push_back(slot.record);
  }
  cut_.ForEach([&](const RecordPtr& record) { records.push_back(record); });
  return records;
}

std::vector<Runs::Held> Runs::AllHeld() const {
  std::vector<Held> held;
  held.reserve(slots_.size());
  for (const Slot& slot : slots_) {
    const Run& run = *slot.run;
    held.push_back({.record = slot.record,
                    .packed = run.state == nullptr ? run.packed : run.state->Pack(),
                    .taken_back = run.stored == nullptr ? nullptr
                                                        : std::shared_ptr<const model::FactTable>(
                                                              run.stored, &run.stored->facts)});
  }
  return held;
}

void Runs::AppendFacts(const Held& held, model::FactTable& table) {
  RunState state = RunState::Unpack(held.record->trace_id, held.packed);
  state.Seen(held.record->received_ns, held.record->position);
  state.Refresh(held.record->status == model::RunStatus::kRunning);
  state.AppendFacts(1, table);
  if (held.taken_back != nullptr) {
    table.Append(*held.taken_back, 1);
  }
}

std::vector<RecordPtr> Runs::TakeChanged() {
  std::vector<RecordPtr> records;
  records.reserve(changed_.size());
  for (const model::TraceId& trace_id : std::exchange(changed_, {})) {
    Run* run = FindRun(trace_id);
    if (run != nullptr && std::exchange(run->is_changed, false) && run->slot != kNoSlot) {
      records.push_back(RecordOf(*run));
    }
  }
  return records;
}

Runs::Size Runs::size() const {
  return {.runs = runs_.size(),
          .open_runs = ListOf(Phase::kOpen).size(),
          .waiting_runs = ListOf(Phase::kWaiting).size(),
          .spans = spans_,
          .bytes = bytes_ + cut_.bytes()};
}

std::uint64_t Runs::open_position() const {
  std::uint64_t position = position_ + 1;
  for (const RunList<Run>& list : lists_) {
    position = list.empty() ? position : std::min(position, list.front()->position);
  }
  return position;
}

std::uint64_t Runs::refreshed_position() const {
  return loads_.empty() ? refreshed_position_
                        : std::min(refreshed_position_, loads_.front().position - 1);
}

}  // namespace sightline::live
