// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <vector>

#include "base/disk.h"
#include "base/mutex.h"
#include "base/result.h"
#include "model/ids.h"

namespace sightline::store::embedded {

// Where rows of a trace are in the frame file of a day.
//
// Thread: value.
struct TracePlace {
  model::TraceId trace_id;
  std::uint64_t frame_offset = 0;
  std::uint64_t position = 0;  // Journal position of the last of these rows.

  friend bool operator==(const TracePlace&, const TracePlace&) = default;
};

class TraceRun;

// The traces of one day. What a seal adds is held in memory as a sorted run; runs are merged when
// there are many, and written to disk by Save: one sorted file with a checksum and a filter, mapped
// from there. The frame file is the truth: an index file that is missing, damaged or older is made
// again from it by the owner.
//
// Bounds: memory holds what came since the last Save, 33 bytes a place and twice that while runs
// are merged; a look-up touches one filter line for each run, then about log2(n) entries. Each
// place is merged O(log n) times, by the thread that adds. Add, Save and readers do not wait for
// each other's merging and writing.
//
// Thread: any.
class TraceMap {
 public:
  // Reads `path` if it is there and checks; covered_length() is 0 otherwise, and nothing is in it.
  // Reads the whole file once, for the checksum. `disk` must outlive the map.
  static std::unique_ptr<TraceMap> Open(base::Disk& disk, const std::filesystem::path& path);

  ~TraceMap();
  TraceMap(const TraceMap&) = delete;
  TraceMap& operator=(const TraceMap&) = delete;

  // Up to this length of the frame file every row is in it.
  std::uint64_t covered_length() const EXCLUDES(mutex_);

  // What one seal wrote, in any order; the frame file is now `covered_length` long.
  void Add(std::vector<TracePlace> places, std::uint64_t covered_length)
      EXCLUDES(add_mutex_, mutex_);

  // In order of offset; empty when the day has nothing of the trace.
  std::vector<TracePlace> Find(const model::TraceId& trace_id) const EXCLUDES(mutex_);

  // Never false for a trace that is in it; true for about one in a hundred that are not.
  bool MayContain(const model::TraceId& trace_id) const EXCLUDES(mutex_);

  // Every place whose position is at least `position`, in no order. `visit` is called without a
  // lock; it sees the map as it was when the call began.
  void ForEachSince(std::uint64_t position,
                    const std::function<void(const TracePlace&)>& visit) const EXCLUDES(mutex_);

  // Entries that are in memory only.
  std::uint64_t unsaved() const EXCLUDES(mutex_);

  // Merges everything into one file that replaces the one at `path`, and maps it. Readers go on
  // with what they had. After an error the map is as it was, and so is the file, or it is the new
  // one.
  // Precondition: the frame file is never cut below covered_length() after that (a checkpoint has
  // that length or more). Otherwise the file would be trusted for frames that are no more.
  base::Result<void> Save() EXCLUDES(save_mutex_, mutex_);

 private:
  using RunPtr = std::shared_ptr<const TraceRun>;

  // Never changed once it is published: readers take it as a whole.
  struct State {
    RunPtr saved;               // Null when there is no file.
    std::vector<RunPtr> added;  // Oldest first.
    std::uint64_t covered_length = 0;
  };

  using StatePtr = std::shared_ptr<const State>;

  TraceMap(base::Disk& disk, std::filesystem::path path, RunPtr saved,
           std::uint64_t covered_length);

  StatePtr state() const EXCLUDES(mutex_);
  void MergeNewest() REQUIRES(add_mutex_) EXCLUDES(mutex_);
  base::Result<RunPtr> Write(const State& state) const;

  base::Disk& disk_;
  const std::filesystem::path path_;

  base::Mutex save_mutex_;  // One Save at a time; taken before the others.
  base::Mutex add_mutex_;   // One Add at a time; taken before mutex_.
  mutable base::Mutex mutex_;
  StatePtr state_ GUARDED_BY(mutex_);
  std::size_t being_saved_ GUARDED_BY(mutex_) = 0;  // The first of state_->added; not to be merged.
};

}  // namespace sightline::store::embedded
