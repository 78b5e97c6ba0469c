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
  const auto known = seen_.find(name);
  if (known != seen_.end()) {
    known->second = std::max(known->second, received_ns);
    return;
  }
  if (seen_.size() >= kMaxNames) {
    MakeRoom();
  }
  seen_.emplace(name, received_ns);
}

// Half of them at once, so that it is rare; of names that were seen at the same moment any.
void NamesSeen::MakeRoom() {
  std::vector<std::int64_t> times;
  times.reserve(seen_.size());
  for (const auto& [name, time] : seen_) {
    times.push_back(time);
  }
  const auto middle = times.begin() + static_cast<std::ptrdiff_t>(times.size() / 2);
  std::nth_element(times.begin(), middle, times.end());
  std::size_t left = seen_.size() / 2;
  forgotten_ += std::erase_if(seen_, [&](const auto& entry) { return entry.second < *middle; });
  left -= std::min(left, times.size() - seen_.size());
  for (auto it = seen_.begin(); it != seen_.end() && left > 0;) {
    if (it->second == *middle) {
      it = seen_.erase(it);
      ++forgotten_;
      --left;
    } else {
      ++it;
    }
  }
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
  } else if (!is_full_) {
    by_workflow_.emplace(workflow_id, counts);
    is_full_ = by_workflow_.size() >= kMaxWorkflows;
  }
}

void Totals::Remove(const std::string& workflow_id, const RunCounts& counts) {
  all_ -= counts;
  const auto it = by_workflow_.find(workflow_id);
  if (it == by_workflow_.end()) {
    return;
  }
  it->second -= counts;
  if (it->second == RunCounts{} && !is_full_) {
    by_workflow_.erase(it);
  }
}

RunCounts Totals::of(const std::string& workflow_id) const {
  const auto it = by_workflow_.find(workflow_id);
  return it == by_workflow_.end() ? RunCounts{} : it->second;
}

}  // namespace sightline::live
