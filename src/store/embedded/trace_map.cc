// SPDX-License-Identifier: Apache-2.0
#include "store/embedded/trace_map.h"

#include <algorithm>
#include <utility>

#include "store/embedded/trace_run.h"

namespace sightline::store::embedded {
namespace {

bool ByOffset(const TracePlace& a, const TracePlace& b) {
  return a.frame_offset < b.frame_offset;
}

}  // namespace

TraceMap::TraceMap(base::Disk& disk, std::filesystem::path path, RunPtr saved,
                   std::uint64_t covered_length)
    : disk_(disk), path_(std::move(path)) {
  const base::MutexLock lock(mutex_);
  state_ = std::make_shared<const State>(
      State{.saved = std::move(saved), .added = {}, .covered_length = covered_length});
}

TraceMap::~TraceMap() = default;

std::unique_ptr<TraceMap> TraceMap::Open(base::Disk& disk, const std::filesystem::path& path) {
  auto file = TraceRun::FromFile(disk, path);
  if (!file.has_value()) {
    return std::unique_ptr<TraceMap>(new TraceMap(disk, path, nullptr, 0));
  }
  return std::unique_ptr<TraceMap>(new TraceMap(disk, path, std::move(file->first), file->second));
}

TraceMap::StatePtr TraceMap::state() const {
  const base::MutexLock lock(mutex_);
  return state_;
}

std::uint64_t TraceMap::covered_length() const {
  return state()->covered_length;
}

void TraceMap::Add(std::vector<TracePlace> places, std::uint64_t covered_length) {
  const base::MutexLock adding(add_mutex_);
  const RunPtr run = places.empty() ? nullptr : TraceRun::FromPlaces(std::move(places));
  {
    const base::MutexLock lock(mutex_);
    State next = *state_;
    next.covered_length = covered_length;
    if (run != nullptr) {
      next.added.push_back(run);
    }
    state_ = std::make_shared<const State>(std::move(next));
  }
  MergeNewest();
}

// Merges the newest runs with each older one that is at most twice as long as all of them, so that
// a run's length more than doubles from each to the one before it.
void TraceMap::MergeNewest() {
  std::vector<RunPtr> newest;
  {
    const base::MutexLock lock(mutex_);
    const std::vector<RunPtr>& added = state_->added;
    std::size_t first = added.size();
    std::size_t length = 0;
    while (first > being_saved_ &&
           (first == added.size() || added[first - 1]->places().size() <= 2 * length)) {
      --first;
      length += added[first]->places().size();
    }
    newest.assign(added.begin() + static_cast<std::ptrdiff_t>(first), added.end());
  }
  if (newest.size() < 2) {
    return;
  }
  const RunPtr merged = TraceRun::Merge(newest);
  const base::MutexLock lock(mutex_);
  // Only this thread appends, so they are still the last ones, unless a Save has taken them.
  if (being_saved_ + newest.size() > state_->added.size()) {
    return;
  }
  State next = *state_;
  next.added.resize(next.added.size() - newest.size());
  next.added.push_back(merged);
  state_ = std::make_shared<const State>(std::move(next));
}

std::vector<TracePlace> TraceMap::Find(const model::TraceId& trace_id) const {
  const StatePtr now = state();
  std::vector<TracePlace> places;
  if (now->saved != nullptr) {
    now->saved->Find(trace_id, places);
  }
  for (const RunPtr& run : now->added) {
    run->Find(trace_id, places);
  }
  std::sort(places.begin(), places.end(), ByOffset);
  return places;
}

bool TraceMap::MayContain(const model::TraceId& trace_id) const {
  const StatePtr now = state();
  return (now->saved != nullptr && now->saved->MayContain(trace_id)) ||
         std::any_of(now->added.begin(), now->added.end(),
                     [&](const RunPtr& run) { return run->MayContain(trace_id); });
}

void TraceMap::ForEachSince(std::uint64_t position,
                            const std::function<void(const TracePlace&)>& visit) const {
  const StatePtr now = state();
  std::vector<RunPtr> runs = now->added;
  if (now->saved != nullptr) {
    runs.push_back(now->saved);
  }
  for (const RunPtr& run : runs) {
    if (run->max_position() < position) {
      continue;
    }
    for (const TracePlace& place : run->places()) {
      if (place.position >= position) {
        visit(place);
      }
    }
  }
}

std::uint64_t TraceMap::unsaved() const {
  const StatePtr now = state();
  std::uint64_t count = 0;
  for (const RunPtr& run : now->added) {
    count += run->places().size();
  }
  return count;
}

base::Result<void> TraceMap::Save() {
  const base::MutexLock saving(save_mutex_);
  StatePtr before;
  {
    const base::MutexLock lock(mutex_);
    before = state_;
    being_saved_ = before->added.size();
  }
  base::Result<RunPtr> saved = Write(*before);
  const base::MutexLock lock(mutex_);
  being_saved_ = 0;
  if (!saved.has_value()) {
    return saved.error();
  }
  State next = *state_;
  next.saved = std::move(saved).value();
  next.added.erase(next.added.begin(),
                   next.added.begin() + static_cast<std::ptrdiff_t>(before->added.size()));
  state_ = std::make_shared<const State>(std::move(next));
  return {};
}

base::Result<TraceMap::RunPtr> TraceMap::Write(const State& state) const {
  std::vector<RunPtr> runs = state.added;
  if (state.saved != nullptr) {
    runs.push_back(state.saved);
  }
  std::filesystem::path temporary = path_;
  temporary += ".new";
  const base::Result<void> written =
      TraceRun::WriteFile(disk_, temporary, runs, state.covered_length);
  if (!written.has_value()) {
    // What is left of it is replaced by the next Save.
    static_cast<void>(disk_.Remove(temporary).has_value());
    return written.error();
  }
  TRY(disk_.Rename(temporary, path_));
  TRY(disk_.SyncDirectory(path_.has_parent_path() ? path_.parent_path() : "."));
  return std::move(TRY(TraceRun::FromFile(disk_, path_)).first);
}

}  // namespace sightline::store::embedded
