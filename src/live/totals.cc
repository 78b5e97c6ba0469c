// SPDX-License-Identifier: Apache-2.0
#include "live/totals.h"

#include <algorithm>
#include <utility>
#include <vector>

namespace sightline::live {

std::int64_t& RunCounts::of(model::RunStatus status) {
  switch (status) {
    case model::RunStatus::kRunning:
      return running;
    case model::RunStatus::kCompleted:
      return completed;
    case model::RunStatus::kFailed:
      return failed;
    case model::RunStatus::kCancelled:
      return cancelled;
    case model::RunStatus::kAbandoned:
      return abandoned;
  }
  return abandoned;
}

RunCounts& RunCounts::operator+=(const RunCounts& other) {
  running += other.running;
  completed += other.completed;
  failed += other.failed;
  cancelled += other.cancelled;
  abandoned += other.abandoned;
  open_steps += other.open_steps;
  completed_ns += other.completed_ns;
  return *this;
}

RunCounts& RunCounts::operator-=(const RunCounts& other) {
  running -= other.running;
  completed -= other.completed;
  failed -= other.failed;
  cancelled -= other.cancelled;
  abandoned -= other.abandoned;
  open_steps -= other.open_steps;
  completed_ns -= other.completed_ns;
  return *this;
}

void NamesSeen::See(std::string_view name, std::int64_t received_ns) {
  if (name.empty()) {
    return;
  }
  const auto [it, is_new] = seen_.try_emplace(std::string(name), received_ns);
  it->second = std::max(it->second, received_ns);
  if (is_new && seen_.size() > kMaxNames) {
    MakeRoom();
  }
}

// Half of them at once, so that it is rare.
void NamesSeen::MakeRoom() {
  std::vector<std::int64_t> times;
  times.reserve(seen_.size());
  for (const auto& [name, time] : seen_) {
    times.push_back(time);
  }
  const auto middle = times.begin() + static_cast<std::ptrdiff_t>(times.size() / 2);
  std::nth_element(times.begin(), middle, times.end());
  forgotten_ += std::erase_if(seen_, [&](const auto& entry) { return entry.second < *middle; });
}

std::uint64_t NamesSeen::CountSince(std::int64_t since_ns) const {
  return static_cast<std::uint64_t>(std::count_if(
      seen_.begin(), seen_.end(), [&](const auto& entry) { return entry.second >= since_ns; }));
}

void Totals::Add(const std::string& workflow_id, const RunCounts& counts) {
  all_ += counts;
  const auto it = by_workflow_.find(workflow_id);
  if (it != by_workflow_.end()) {
    it->second += counts;
  } else if (by_workflow_.size() < kMaxWorkflows) {
    by_workflow_.emplace(workflow_id, counts);
  }
}

void Totals::Remove(const std::string& workflow_id, const RunCounts& counts) {
  all_ -= counts;
  const auto it = by_workflow_.find(workflow_id);
  if (it == by_workflow_.end()) {
    return;
  }
  it->second -= counts;
  if (it->second == RunCounts{}) {
    by_workflow_.erase(it);
  }
}

RunCounts Totals::of(const std::string& workflow_id) const {
  const auto it = by_workflow_.find(workflow_id);
  return it == by_workflow_.end() ? RunCounts{} : it->second;
}

}  // namespace sightline::live
