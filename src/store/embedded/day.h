// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <filesystem>
#include <limits>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/disk.h"
#include "base/mutex.h"
#include "base/result.h"
#include "store/embedded/body_places.h"
#include "store/embedded/duck.h"
#include "store/embedded/frame_file.h"
#include "store/embedded/trace_map.h"

namespace sightline::store::embedded {

class NameGrams;

// From the first to the last of some times; the first is after the last when there are none.
//
// Thread: value.
struct TimeRange {
  std::int64_t first_ns = std::numeric_limits<std::int64_t>::max();
  std::int64_t last_ns = std::numeric_limits<std::int64_t>::min();

  void Add(std::int64_t time_ns) {
    first_ns = std::min(first_ns, time_ns);
    last_ns = std::max(last_ns, time_ns);
  }
};

// What is valid of a day as of its newest seal.
//
// Thread: value.
struct Checkpoint {
  std::uint64_t position = 0;       // Batches up to it are in here or in an older day.
  std::uint64_t frames_length = 0;  // Of the frame file; what is after it is not valid.
  std::uint64_t open_position = 0;  // See model::LiveCut.
  std::uint64_t next_body_id = 0;
  std::uint64_t spans = 0;  // In all; likewise the others.
  std::uint64_t logs = 0;
  std::uint64_t points = 0;
  std::uint64_t runs = 0;  // Each once, however many versions there are.
  // Over all runs; the lowest is above the highest when there are none.
  std::int64_t min_start_ns = 0;
  std::int64_t max_start_ns = -1;
  TimeRange log_times;
  TimeRange point_times;
  TimeRange fact_times;
  std::int64_t cut_number = 0;  // See model::LiveCut.
};

// Whether opening a day may change its files: create what is missing, cut off what was not
// committed.
enum class DayAccess : std::uint8_t { kReadWrite, kReadOnly };

// The folder of one UTC day of arrival: a frame file with the rows, a database with what is listed
// and added up, and indexes that can be made again from the frames.
//
//   days/2026-11-29/frames        details, append-only (frame_file.h)
//   days/2026-11-29/facts.duckdb  tables (schema.h), attached to the store's instance
//   days/2026-11-29/traces.idx    where each trace is (trace_map.h)
//
// A seal writes frames, syncs them, and commits one transaction in the database; what the newest
// checkpoint in there says is valid, and nothing else. Opening cuts the frames at its length.
//
// Thread: any. The store shares it with reads that go on while retention deletes the folder.
class Day {
 public:
  // Attaches the day, creating what is missing. `connection` is of the instance to attach to.
  // Read-only, nothing is created or changed, and the directory may be one that cannot be written.
  // Errors: kDataLoss or others when its files do not check; the day is then not attached.
  // kNotFound, read-only, when it has no tables: nothing was ever committed to it.
  static base::Result<std::shared_ptr<Day>> Open(base::Disk& disk, Connection& connection,
                                                 const std::filesystem::path& directory,
                                                 std::int32_t day,
                                                 DayAccess access = DayAccess::kReadWrite);

  Day(const Day&) = delete;
  Day& operator=(const Day&) = delete;

  std::int32_t number() const { return number_; }

  const std::filesystem::path& path() const { return path_; }

  // Its name in SQL.
  const std::string& database() const { return database_; }

  FrameReader& frames() { return *frames_; }

  TraceMap& traces() { return *traces_; }

  BodyPlaces& bodies() { return bodies_; }

  Checkpoint checkpoint() const EXCLUDES(mutex_);
  void SetCheckpoint(const Checkpoint& checkpoint) EXCLUDES(mutex_);

  // What the names of its runs hold as of the cut of this number (Checkpoint::cut_number), once it
  // was set; else null. In memory only.
  std::shared_ptr<const NameGrams> name_grams(std::int64_t cut_number) const EXCLUDES(mutex_);
  void SetNameGrams(std::shared_ptr<const NameGrams> grams, std::int64_t cut_number)
      EXCLUDES(mutex_);

  // Whether some figures of its runs were replaced.
  bool has_corrections() const { return has_corrections_; }

  void SetHasCorrections() { has_corrections_ = true; }

  // Bytes of its files.
  std::uint64_t DiskBytes() const;

 private:
  Day(std::int32_t number, std::filesystem::path path, DayAccess access);

  base::Result<void> Attach(Connection& connection);
  base::Result<void> CheckFormat(Connection& connection);
  base::Result<void> ReadState(Connection& connection);
  base::Result<TimeRange> TimesOf(Connection& connection, std::string_view table,
                                  std::string_view first, std::string_view last) const;
  base::Result<void> OpenFrames(base::Disk& disk);
  base::Result<void> IndexTail();

  const std::int32_t number_;
  const std::filesystem::path path_;
  const DayAccess access_;
  const std::string database_;
  std::shared_ptr<FrameReader> frames_;
  std::unique_ptr<TraceMap> traces_;
  BodyPlaces bodies_;
  std::atomic<bool> has_corrections_ = false;

  mutable base::Mutex mutex_;
  Checkpoint checkpoint_ GUARDED_BY(mutex_);
  std::shared_ptr<const NameGrams> name_grams_ GUARDED_BY(mutex_);
  std::int64_t name_grams_cut_ GUARDED_BY(mutex_) = 0;
};

using DayPtr = std::shared_ptr<Day>;

// Days that have a folder, oldest first.
std::vector<std::int32_t> ListDays(const std::filesystem::path& directory);

std::filesystem::path DayPath(const std::filesystem::path& directory, std::int32_t day);

// Frame file and index of a day.
std::filesystem::path FramesPath(const std::filesystem::path& day_path);
std::filesystem::path TracesPath(const std::filesystem::path& day_path);
std::filesystem::path DatabasePath(const std::filesystem::path& day_path);

// A path as an SQL text.
std::string QuotedPath(const std::filesystem::path& path);

}  // namespace sightline::store::embedded
