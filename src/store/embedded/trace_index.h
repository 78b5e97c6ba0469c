// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "base/mutex.h"
#include "model/ids.h"

namespace sightline::store::embedded {

// Rows of one trace in one seal of one day file: a slice of its sequence numbers.
struct RowRange {
  std::int32_t day = 0;
  std::int64_t first = 0;
  std::uint32_t count = 0;
};

// Where the rows of a trace lie. Each seal writes its rows clustered by trace and adds one sorted
// run of 16-byte entries here; a look-up is a binary search per run. Trace ids are represented by
// 64 bits of a hash, so a range may belong to another trace: readers compare the id as well.
// Rebuilt from the day files at start; about 16 bytes a trace and seal.
//
// Thread: any.
class TraceIndex {
 public:
  struct Entry {
    std::uint64_t key = 0;    // KeyOf(trace id).
    std::uint32_t first = 0;  // Relative to the run's first row.
    std::uint32_t count = 0;
  };

  static std::uint64_t KeyOf(const model::TraceId& id);

  // `entries` need not be sorted.
  void AddRun(std::int32_t day, std::int64_t first_row, std::vector<Entry> entries)
      EXCLUDES(mutex_);

  // Takes back a run that did not reach the disk after all.
  void DropRun(std::int32_t day, std::int64_t first_row) EXCLUDES(mutex_);

  void DropDay(std::int32_t day) EXCLUDES(mutex_);

  std::vector<RowRange> Find(const model::TraceId& id) const EXCLUDES(mutex_);

 private:
  struct Run {
    std::int32_t day = 0;
    std::int64_t first_row = 0;
    std::vector<Entry> entries;  // By key.
  };

  mutable base::Mutex mutex_;
  std::vector<Run> runs_ GUARDED_BY(mutex_);
};

}  // namespace sightline::store::embedded
