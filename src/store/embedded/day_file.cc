// SPDX-License-Identifier: Apache-2.0
#include "store/embedded/day_file.h"

#include <algorithm>
#include <cstddef>
#include <limits>
#include <map>
#include <system_error>
#include <tuple>
#include <unordered_map>
#include <utility>

#include <fmt/format.h>

#include "base/time_text.h"
#include "model/ids.h"
#include "store/embedded/rows.h"
#include "store/embedded/schema.h"

namespace sightline::store::embedded {
namespace {

constexpr std::int64_t kNsPerDay = 86'400'000'000'000;
constexpr std::string_view kSuffix = ".duckdb";

base::Result<bool> HasTables(Connection& connection, const std::string& database) {
  const auto count = TRY(connection.QueryIntegers(
      "SELECT count(*)::BIGINT FROM duckdb_tables() WHERE database_name = ?",
      {Param::Text(database)}));
  return count[0] > 0;
}

base::Result<void> CreateTables(Connection& connection, const std::string& database) {
  TRY(connection.Execute("BEGIN"));
  for (const std::string& sql : CreateStatements(database)) {
    if (auto created = connection.Execute(sql); !created.has_value()) {
      static_cast<void>(connection.Execute("ROLLBACK"));
      return created.error();
    }
  }
  return connection.Execute("COMMIT");
}

base::Result<void> ReadState(Connection& connection, DayFile& file) {
  const auto version = TRY(
      connection.QueryIntegers(fmt::format("SELECT max(version) FROM {}.format", file.database)));
  if (version[0] > kFormatVersion) {
    return base::Error(
        base::Code::kFailedPrecondition,
        fmt::format("cannot open {}: it was written by a newer version of Sightline (format {}, "
                    "this version knows up to {})",
                    file.path.string(), version[0], kFormatVersion));
  }
  const auto seals = TRY(connection.QueryIntegers(
      fmt::format("SELECT coalesce(max(position), 0)::BIGINT FROM {}.seals", file.database)));
  const auto spans = TRY(connection.QueryIntegers(
      fmt::format("SELECT (coalesce(max(seq), -1) + 1)::BIGINT, min(start_ns), max(start_ns) FROM "
                  "{}.spans WHERE seq >= 0",
                  file.database)));
  const auto logs = TRY(connection.QueryIntegers(
      fmt::format("SELECT (coalesce(max(seq), -1) + 1)::BIGINT FROM {}.logs", file.database)));
  const auto pending = TRY(connection.QueryIntegers(fmt::format(
      "SELECT (coalesce(max(seq), -1) + 1)::BIGINT FROM {}.pending_spans", file.database)));
  file.sealed_position = static_cast<std::uint64_t>(seals[0]);
  file.next_span_seq = spans[0];
  file.min_start_ns = spans[1];
  file.max_start_ns = spans[2];
  file.next_log_seq = logs[0];
  file.next_pending_seq = pending[0];
  if (file.sealed_position != 0) {
    // Not known any more: taken as full.
    const Tail full{.rows = 0, .bytes = std::numeric_limits<std::uint32_t>::max()};
    file.tails = {.spans = full, .pending = full, .logs = full, .points = full, .bodies = full};
  }
  return {};
}

}  // namespace

std::filesystem::path DayPath(const std::filesystem::path& directory, std::int32_t day) {
  return directory / (base::FormatDay(day * kNsPerDay) + std::string(kSuffix));
}

std::vector<std::int32_t> ListDays(const std::filesystem::path& directory) {
  std::vector<std::int32_t> days;
  std::error_code error;
  for (std::filesystem::directory_iterator it(directory, error), end; !error && it != end;
       it.increment(error)) {
    const std::string name = it->path().filename().string();
    if (name.size() != 10 + kSuffix.size() || !name.ends_with(kSuffix)) {
      continue;
    }
    if (const auto time_ns = base::ParseTimeNs(name.substr(0, 10))) {
      days.push_back(base::DayOf(*time_ns));
    }
  }
  std::sort(days.begin(), days.end());
  return days;
}

base::Result<DayFile> AttachDay(Connection& connection, const std::filesystem::path& directory,
                                std::int32_t day) {
  DayFile file{.day = day, .database = fmt::format("d{}", day), .path = DayPath(directory, day)};
  std::string quoted;
  for (const char c : file.path.string()) {
    quoted += c == '\'' ? "''" : std::string(1, c);
  }
  if (auto attached = connection.Execute(
          fmt::format("ATTACH '{}' AS {} (STORAGE_VERSION 'v1.5.0', ROW_GROUP_SIZE {})", quoted,
                      file.database, kRowGroupRows));
      !attached.has_value()) {
    return attached.error().WithContext(fmt::format("cannot open {}", file.path.string()));
  }
  if (!TRY(HasTables(connection, file.database))) {
    TRY(CreateTables(connection, file.database));
  }
  TRY(ReadState(connection, file));
  return file;
}

namespace {

// Adds one run per seal from rows (trace_id, first_row, count) that are ordered by first_row.
base::Result<void> LoadRuns(Connection& connection, const std::string& sql, std::int32_t day,
                            TraceIndex& index) {
  // Offsets within a run are 32 bits; a run here is simply a slice of the table.
  constexpr std::int64_t kMaxRunRows = std::int64_t{1} << 31U;
  QueryResult result = TRY(connection.Query(sql));
  std::vector<TraceIndex::Entry> entries;
  std::int64_t base_row = 0;
  while (const auto chunk = result.Next()) {
    for (std::uint64_t row = 0; row < chunk->size(); ++row) {
      model::TraceId id;
      FromUhugeint(chunk->at<duckdb_uhugeint>(0, row), reinterpret_cast<char*>(id.bytes.data()));
      const auto first = chunk->at<std::int64_t>(1, row);
      if (!entries.empty() && first - base_row >= kMaxRunRows) {
        index.AddRun(day, base_row, std::exchange(entries, {}));
      }
      base_row = entries.empty() ? first : base_row;
      entries.push_back({.key = TraceIndex::KeyOf(id),
                         .first = static_cast<std::uint32_t>(first - base_row),
                         .count = static_cast<std::uint32_t>(chunk->at<std::int64_t>(2, row))});
    }
  }
  if (!entries.empty()) {
    index.AddRun(day, base_row, std::move(entries));
  }
  return {};
}

}  // namespace

base::Result<void> LoadIndexes(Connection& connection, const DayFile& file, LoadBodies load_bodies,
                               TraceIndexes& indexes, BodyIndex& bodies) {
  TRY(LoadRuns(connection,
               fmt::format("SELECT trace_id, first_row, span_count::BIGINT FROM {}.trace_parts "
                           "WHERE span_count > 0 ORDER BY first_row",
                           file.database),
               file.day, indexes.spans));
  TRY(LoadRuns(connection,
               fmt::format("SELECT trace_id, first_row, row_count FROM {}.log_parts ORDER BY "
                           "first_row",
                           file.database),
               file.day, indexes.logs));
  TRY(LoadRuns(connection,
               fmt::format("SELECT trace_id, first_row, row_count FROM {}.pending_parts ORDER BY "
                           "first_row",
                           file.database),
               file.day, indexes.pending));
  const auto max_id = TRY(connection.QueryIntegers(
      fmt::format("SELECT coalesce(max(id), 0)::BIGINT FROM {}.bodies", file.database)));
  bodies.RaiseNextId(static_cast<std::uint64_t>(max_id[0]));
  if (load_bodies == LoadBodies::kNo) {
    return {};
  }
  QueryResult result = TRY(connection.Query(
      fmt::format("SELECT id, hash FROM {}.bodies WHERE id > ? ORDER BY id", file.database),
      {Param::Integer(max_id[0] - static_cast<std::int64_t>(BodyIndex::kDefaultCapacity))}));
  while (const auto chunk = result.Next()) {
    for (std::uint64_t row = 0; row < chunk->size(); ++row) {
      const auto hash = chunk->at<duckdb_uhugeint>(1, row);
      bodies.Insert(file.day, {.high = hash.upper, .low = hash.lower},
                    static_cast<std::uint64_t>(chunk->at<std::int64_t>(0, row)));
    }
  }
  return {};
}

}  // namespace sightline::store::embedded
