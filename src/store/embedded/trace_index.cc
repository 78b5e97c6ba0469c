// SPDX-License-Identifier: Apache-2.0
#include "store/embedded/trace_index.h"

#include <algorithm>
#include <utility>

#include "base/hash.h"

namespace sightline::store::embedded {
namespace {

bool ByKey(const TraceIndex::Entry& a, const TraceIndex::Entry& b) {
  return a.key < b.key;
}

}  // namespace

std::uint64_t TraceIndex::KeyOf(const model::TraceId& id) {
  return base::HashBytes64(id.view());
}

void TraceIndex::AddRun(std::int32_t day, std::int64_t first_row, std::vector<Entry> entries) {
  if (entries.empty()) {
    return;
  }
  std::sort(entries.begin(), entries.end(), ByKey);
  entries.shrink_to_fit();
  base::MutexLock lock(mutex_);
  runs_.push_back({.day = day, .first_row = first_row, .entries = std::move(entries)});
}

void TraceIndex::DropRun(std::int32_t day, std::int64_t first_row) {
  base::MutexLock lock(mutex_);
  std::erase_if(runs_,
                [&](const Run& run) { return run.day == day && run.first_row == first_row; });
}

void TraceIndex::DropDay(std::int32_t day) {
  base::MutexLock lock(mutex_);
  std::erase_if(runs_, [&](const Run& run) { return run.day == day; });
}

std::vector<RowRange> TraceIndex::Find(const model::TraceId& id) const {
  const Entry wanted{.key = KeyOf(id)};
  std::vector<RowRange> ranges;
  base::MutexLock lock(mutex_);
  for (const Run& run : runs_) {
    const auto [begin, end] =
        std::equal_range(run.entries.begin(), run.entries.end(), wanted, ByKey);
    for (auto it = begin; it != end; ++it) {
      ranges.push_back({.day = run.day, .first = run.first_row + it->first, .count = it->count});
    }
  }
  return ranges;
}

}  // namespace sightline::store::embedded
