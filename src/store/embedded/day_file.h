// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "store/embedded/body_index.h"
#include "store/embedded/duck.h"
#include "store/embedded/head.h"
#include "store/embedded/row_feed.h"
#include "store/embedded/trace_index.h"

namespace sightline::store::embedded {

// Rows of a group in day files, 8 vectors: a seal of less than a group goes through DuckDB's own
// log and is written again with the group that it is appended to, so groups are small.
inline constexpr std::uint64_t kRowGroupRows = 16'384;

// The last row group of a table, as far as seals have filled it.
struct Tail {
  std::uint64_t rows = 0;
  std::uint64_t bytes = 0;
};

// The tails of tables whose rows may be long.
struct Tails {
  Tail spans;
  Tail pending;
  Tail logs;
  Tail points;
  Tail bodies;
};

// What is known about an attached day file.
//
// Thread: value.
struct DayFile {
  std::int32_t day = 0;
  std::string database;  // The name it is attached under: "d20454".
  std::filesystem::path path;
  std::uint64_t sealed_position = 0;
  std::int64_t next_span_seq = 0;
  std::int64_t next_log_seq = 0;
  std::int64_t next_pending_seq = 0;
  std::int64_t min_start_ns = 0;  // Of its spans; 0 when there are none.
  std::int64_t max_start_ns = 0;
  Tails tails;
};

// "<directory>/2026-03-01.duckdb" and back; empty for other names.
std::filesystem::path DayPath(const std::filesystem::path& directory, std::int32_t day);
std::vector<std::int32_t> ListDays(const std::filesystem::path& directory);

// Attaches the file of a day and creates it with its tables where it is missing.
// Errors: kFailedPrecondition when a newer version of Sightline wrote it.
base::Result<DayFile> AttachDay(Connection& connection, const std::filesystem::path& directory,
                                std::int32_t day);

// Where rows of a trace lie, by table.
struct TraceIndexes {
  TraceIndex spans;
  TraceIndex logs;
  TraceIndex pending;

  void DropDay(std::int32_t day) {
    spans.DropDay(day);
    logs.DropDay(day);
    pending.DropDay(day);
  }
};

// Reads the trace indexes of a day that an earlier process wrote, and the newest bodies if asked.
enum class LoadBodies : std::uint8_t { kNo, kYes };
base::Result<void> LoadIndexes(Connection& connection, const DayFile& file, LoadBodies load_bodies,
                               TraceIndexes& indexes, BodyIndex& bodies);

// Writes batches of the file's day, in order of position, in one transaction, then adds them to the
// indexes. `file` is brought up to date on success and untouched on failure.
base::Result<void> SealBatches(Connection& connection, RowFeed& feed, const HeadSnapshot& batches,
                               std::int64_t now_ns, DayFile& file, TraceIndexes& indexes);

}  // namespace sightline::store::embedded
