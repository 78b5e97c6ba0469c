// SPDX-License-Identifier: Apache-2.0
#include "store/embedded/day.h"

#include <algorithm>
#include <system_error>
#include <unordered_map>
#include <utility>

#include <fmt/format.h>

#include "base/log.h"
#include "base/time_text.h"
#include "store/embedded/frame_block.h"
#include "store/embedded/schema.h"

namespace sightline::store::embedded {
namespace {

constexpr std::int64_t kNsPerDay = 86'400'000'000'000;

base::Result<bool> HasTables(Connection& connection, const std::string& database) {
  const auto count = TRY(connection.QueryIntegers(
      "SELECT count(*)::BIGINT FROM duckdb_tables() WHERE database_name = ?",
      {Param::Text(database)}));
  return count[0] > 0;
}

base::Result<void> ExecuteAll(Connection& connection, const std::vector<std::string>& statements) {
  TRY(connection.Execute("BEGIN"));
  for (const std::string& sql : statements) {
    if (auto done = connection.Execute(sql); !done.has_value()) {
      static_cast<void>(connection.Execute("ROLLBACK"));
      return done.error();
    }
  }
  return connection.Execute("COMMIT");
}

// A number from a database that damage may have made negative.
std::uint64_t Natural(std::int64_t value) {
  return static_cast<std::uint64_t>(std::max<std::int64_t>(0, value));
}

std::uint64_t FileBytes(const std::filesystem::path& path) {
  std::error_code error;
  const auto bytes = std::filesystem::file_size(path, error);
  return error ? 0 : bytes;
}

}  // namespace

std::string QuotedPath(const std::filesystem::path& path) {
  std::string quoted = "'";
  for (const char c : path.string()) {
    quoted += c == '\'' ? "''" : std::string(1, c);
  }
  return quoted + "'";
}

std::filesystem::path DayPath(const std::filesystem::path& directory, std::int32_t day) {
  return directory / base::FormatDay(day * kNsPerDay);
}

std::filesystem::path FramesPath(const std::filesystem::path& day_path) {
  return day_path / "frames";
}

std::filesystem::path TracesPath(const std::filesystem::path& day_path) {
  return day_path / "traces.idx";
}

std::filesystem::path DatabasePath(const std::filesystem::path& day_path) {
  return day_path / "facts.duckdb";
}

std::vector<std::int32_t> ListDays(const std::filesystem::path& directory) {
  constexpr std::size_t kDateLength = 10;
  std::vector<std::int32_t> days;
  std::error_code error;
  for (std::filesystem::directory_iterator it(directory, error), end; !error && it != end;
       it.increment(error)) {
    const std::string name = it->path().filename().string();
    if (name.size() != kDateLength || !it->is_directory(error)) {
      continue;
    }
    if (const auto time_ns = base::ParseTimeNs(name)) {
      days.push_back(base::DayOf(*time_ns));
    }
  }
  std::sort(days.begin(), days.end());
  return days;
}

Day::Day(std::int32_t number, std::filesystem::path path, DayAccess access)
    : number_(number),
      path_(std::move(path)),
      access_(access),
      // A day before 1970 has no minus in its name.
      database_(number < 0 ? fmt::format("dm{}", -static_cast<std::int64_t>(number))
                           : fmt::format("d{}", number)) {}

base::Result<std::shared_ptr<Day>> Day::Open(base::Disk& disk, Connection& connection,
                                             const std::filesystem::path& directory,
                                             std::int32_t day, DayAccess access) {
  std::shared_ptr<Day> opened(new Day(day, DayPath(directory, day), access));
  if (access == DayAccess::kReadWrite) {
    TRY(disk.CreateDirectory(opened->path_));
  }
  base::Result<void> done = opened->Attach(connection);
  if (done.has_value()) {
    done = opened->ReadState(connection);
    if (done.has_value()) {
      done = opened->OpenFrames(disk);
    }
    if (!done.has_value()) {
      static_cast<void>(connection.Execute(fmt::format("DETACH {}", opened->database_)));
    }
  }
  if (!done.has_value()) {
    return done.error().WithContext(fmt::format("cannot open {}", opened->path_.string()));
  }
  return opened;
}

base::Result<void> Day::Attach(Connection& connection) {
  if (access_ == DayAccess::kReadOnly) {
    std::error_code error;
    if (!std::filesystem::exists(DatabasePath(path_), error)) {
      return base::Error(base::Code::kNotFound, "it has no tables");
    }
    TRY(connection.Execute(
        fmt::format("ATTACH {} AS {} (READ_ONLY)", QuotedPath(DatabasePath(path_)), database_)));
    if (!TRY(HasTables(connection, database_))) {
      TRY(connection.Execute(fmt::format("DETACH {}", database_)));
      return base::Error(base::Code::kNotFound, "it has no tables");
    }
    return {};
  }
  TRY(connection.Execute(
      fmt::format("ATTACH {} AS {} (STORAGE_VERSION 'v1.5.0', ROW_GROUP_SIZE {})",
                  QuotedPath(DatabasePath(path_)), database_, kRowGroupRows)));
  if (!TRY(HasTables(connection, database_))) {
    TRY(ExecuteAll(connection, CreateStatements(database_)));
  }
  return {};
}

base::Result<TimeRange> Day::TimesOf(Connection& connection, std::string_view table,
                                     std::string_view first, std::string_view last) const {
  constexpr TimeRange kNone;
  const auto times = TRY(connection.QueryIntegers(
      fmt::format("SELECT coalesce(min({}), ?), coalesce(max({}), ?) FROM {}.{}", first, last,
                  database_, table),
      {Param::Integer(kNone.first_ns), Param::Integer(kNone.last_ns)}));
  return TimeRange{.first_ns = times[0], .last_ns = times[1]};
}

base::Result<void> Day::CheckFormat(Connection& connection) {
  const auto version =
      TRY(connection.QueryIntegers(fmt::format("SELECT max(version) FROM {}.format", database_)));
  if (version[0] == kFormatVersion) {
    return {};
  }
  const bool is_older = version[0] >= kOldestFormatVersion && version[0] < kFormatVersion;
  if (is_older && access_ == DayAccess::kReadWrite) {
    return ExecuteAll(connection, UpgradeStatements(database_, version[0]));
  }
  return base::Error(
      base::Code::kFailedPrecondition,
      fmt::format("it was written by another version of Sightline (format {}, this version reads "
                  "{}, and from {} on once a server has started on it)",
                  version[0], kFormatVersion, kOldestFormatVersion));
}

base::Result<void> Day::ReadState(Connection& connection) {
  TRY(CheckFormat(connection));
  const auto sums = TRY(connection.QueryIntegers(
      fmt::format("SELECT coalesce(sum(spans), 0)::BIGINT, coalesce(sum(logs), 0)::BIGINT, "
                  "coalesce(sum(points), 0)::BIGINT, coalesce(max(position), 0), "
                  "coalesce(max(frames_length), 0), coalesce(max(next_body_id), 0), "
                  "coalesce(arg_max(open_position, rowid), 0), coalesce(max(cut_number), 0) FROM "
                  "{}.checkpoints",
                  database_)));
  const auto runs = TRY(connection.QueryIntegers(
      fmt::format("SELECT count(*) FILTER (NOT is_newer_version), coalesce(min(start_ns), 0), "
                  "coalesce(max(start_ns), -1) FROM "
                  "{}.runs",
                  database_)));
  SetCheckpoint({.position = Natural(sums[3]),
                 .frames_length = Natural(sums[4]),
                 .open_position = Natural(sums[6]),
                 .next_body_id = Natural(sums[5]),
                 .spans = Natural(sums[0]),
                 .logs = Natural(sums[1]),
                 .points = Natural(sums[2]),
                 .runs = Natural(runs[0]),
                 .min_start_ns = runs[1],
                 .max_start_ns = runs[2],
                 .log_times = TRY(TimesOf(connection, "log_frames", "min_time_ns", "max_time_ns")),
                 .point_times = TRY(TimesOf(connection, "points", "time_ns", "time_ns")),
                 .fact_times = TRY(TimesOf(connection, "facts", "start_ns", "start_ns")),
                 .cut_number = sums[7]});
  const auto corrections =
      TRY(connection.QueryIntegers(fmt::format("SELECT count(*) FROM {}.corrections", database_)));
  has_corrections_ = corrections[0] > 0;
  QueryResult places = TRY(connection.Query(
      fmt::format("SELECT first_id, last_id, frame_offset FROM {}.body_frames", database_)));
  while (const auto chunk = places.Next()) {
    for (std::uint64_t row = 0; row < chunk->size(); ++row) {
      bodies_.Add(Natural(chunk->at<std::int64_t>(0, row)),
                  Natural(chunk->at<std::int64_t>(1, row)),
                  Natural(chunk->at<std::int64_t>(2, row)));
    }
  }
  return {};
}

base::Result<void> Day::OpenFrames(base::Disk& disk) {
  if (access_ == DayAccess::kReadWrite) {
    // Makes the file if it is new, and cuts off what a seal wrote that was not committed.
    Checkpoint checkpoint = this->checkpoint();
    const auto writer = TRY(FrameWriter::Open(disk, FramesPath(path_), checkpoint.frames_length));
    checkpoint.frames_length = writer->length();
    SetCheckpoint(checkpoint);
  }
  frames_ = TRY(FrameReader::Open(disk, FramesPath(path_)));
  traces_ = TraceMap::Open(disk, TracesPath(path_));
  if (traces_->covered_length() > checkpoint().frames_length) {
    // Of another frame file.
    if (access_ == DayAccess::kReadOnly) {
      traces_ = TraceMap::Open(disk, path_ / "no index");
    } else {
      TRY(disk.Remove(TracesPath(path_)));
      traces_ = TraceMap::Open(disk, TracesPath(path_));
    }
  }
  return IndexTail();
}

// Frames that the saved index does not cover.
base::Result<void> Day::IndexTail() {
  const std::uint64_t end = checkpoint().frames_length;
  std::vector<TracePlace> places;
  const auto add = [&](const Frame& frame) {
    if (frame.kind != FrameKind::kRows) {
      return true;
    }
    const std::size_t first = places.size();
    const auto read = ForEachBlock(frame.bytes, [&](const StoredBlock& stored) {
      const model::TraceId& id = stored.block.trace_id;
      if (id.is_zero()) {
        return true;
      }
      if (places.size() > first && places.back().trace_id == id) {
        places.back().position = std::max(places.back().position, stored.position);
      } else {
        places.push_back(
            {.trace_id = id, .frame_offset = frame.offset, .position = stored.position});
      }
      return true;
    });
    if (!read.has_value()) {
      base::LogError("store: {}: frame at {}: {}", path_.string(), frame.offset,
                     read.error().message());
    }
    return true;
  };
  TRY(frames_->Scan(traces_->covered_length(), end, add, [&](const std::string& damage) {
    base::LogError("store: {}: {}", path_.string(), damage);
  }));
  if (!places.empty() || traces_->covered_length() < end) {
    traces_->Add(std::move(places), end);
  }
  return {};
}

Checkpoint Day::checkpoint() const {
  base::MutexLock lock(mutex_);
  return checkpoint_;
}

void Day::SetCheckpoint(const Checkpoint& checkpoint) {
  base::MutexLock lock(mutex_);
  checkpoint_ = checkpoint;
}

std::shared_ptr<const NameGrams> Day::name_grams(std::int64_t cut_number) const {
  base::MutexLock lock(mutex_);
  return name_grams_cut_ == cut_number ? name_grams_ : nullptr;
}

void Day::SetNameGrams(std::shared_ptr<const NameGrams> grams, std::int64_t cut_number) {
  base::MutexLock lock(mutex_);
  name_grams_ = std::move(grams);
  name_grams_cut_ = cut_number;
}

std::uint64_t Day::DiskBytes() const {
  std::uint64_t bytes = 0;
  for (const std::filesystem::path& file :
       {FramesPath(path_), TracesPath(path_), DatabasePath(path_)}) {
    bytes += FileBytes(file);
  }
  return bytes + FileBytes(DatabasePath(path_).string() + ".wal");
}

}  // namespace sightline::store::embedded
