// SPDX-License-Identifier: Apache-2.0
#include "live/cut_builder.h"

#include <algorithm>
#include <utility>

#include "model/run_bytes.h"

namespace sightline::live {

void CutBuilder::AddEntries(const std::vector<model::RollupEntry>& entries, std::int64_t sign) {
  for (const model::RollupEntry& entry : entries) {
    const auto [cell, is_new] = rollups_.try_emplace(MinuteKey{entry.minute, entry.key});
    if (is_new) {
      bytes_ += sizeof(*cell) + sizeof(entry.key);
    }
    const model::RollupSums part{entry.counts, entry.step_latency, entry.run_latency};
    if (sign > 0) {
      cell->second += part;
    } else {
      cell->second -= part;
    }
  }
}

void CutBuilder::Settle(const RecordPtr& record, const Contribution& now,
                        const Contribution* stored) {
  const auto [place, is_new] = places_.try_emplace(record->trace_id, settled_.size());
  if (is_new) {
    settled_.push_back({.record = record, .is_newer_version = record->is_newer_version});
    bytes_ += BytesOf(*record);
  } else {
    Settled& run = settled_[place->second];
    run = {.record = record, .is_newer_version = run.is_newer_version};
  }
  if (!record->run_id.empty()) {
    by_run_id_.insert_or_assign(record->run_id, record->trace_id);
  }
  AddEntries(now.entries, 1);
  Workflow& workflow = workflows_[now.workflow_id];
  workflow.counts += now.counts;
  // Without a root the name is a makeshift: live figures do not count it either.
  if (record->has_root) {
    workflow.last_received_ns = std::max(workflow.last_received_ns, record->received_ns);
  }
  if (stored != nullptr) {
    AddEntries(stored->entries, -1);
    workflows_[stored->workflow_id].counts -= stored->counts;
  }
  for (const std::string& agent : record->agents) {
    std::int64_t& last_ns = agents_[agent];
    last_ns = std::max(last_ns, record->received_ns);
  }
}

void CutBuilder::Supersede(const model::TraceId& trace_id) {
  const auto place = places_.find(trace_id);
  if (place != places_.end()) {
    settled_[place->second].is_superseded = true;
  }
}

RecordPtr CutBuilder::Find(const model::TraceId& trace_id) const {
  const auto place = places_.find(trace_id);
  if (place == places_.end() || settled_[place->second].is_superseded) {
    return nullptr;
  }
  return settled_[place->second].record;
}

RecordPtr CutBuilder::FindByRunId(std::string_view run_id) const {
  const auto found = by_run_id_.find(std::string(run_id));
  return found == by_run_id_.end() ? nullptr : Find(found->second);
}

model::LiveCut CutBuilder::Finish() && {
  model::LiveCut cut;
  cut.settled.reserve(settled_.size());
  for (const Settled& run : settled_) {
    cut.settled.push_back(*run.record);
    cut.settled.back().is_newer_version = run.is_newer_version;
  }
  cut.rollups.reserve(rollups_.size());
  for (auto& [key, sums] : rollups_) {
    if (!sums.is_zero()) {
      cut.rollups.push_back({.minute = key.minute,
                             .key = key.key,
                             .counts = sums.counts,
                             .step_latency = std::move(sums.step_latency),
                             .run_latency = std::move(sums.run_latency)});
    }
  }
  for (const auto& [workflow_id, workflow] : workflows_) {
    if (workflow.counts == RunCounts{} && workflow.last_received_ns == 0) {
      continue;
    }
    cut.workflows.push_back({.workflow_id = workflow_id,
                             .completed = workflow.counts.completed,
                             .failed = workflow.counts.failed,
                             .cancelled = workflow.counts.cancelled,
                             .abandoned = workflow.counts.abandoned,
                             .completed_seconds = workflow.counts.completed_seconds(),
                             .last_received_ns = workflow.last_received_ns});
  }
  for (const auto& [name, last_ns] : agents_) {
    cut.agents.push_back({.name = name, .last_received_ns = last_ns});
  }
  cut.facts = std::move(facts_);
  return cut;
}

}  // namespace sightline::live
