// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <system_error>
#include <unordered_set>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "base/disk.h"
#include "model/rope.h"
#include "store/embedded/embedded_store.h"
#include "store/embedded/frame_block.h"
#include "store/embedded/frame_file.h"
#include "store/embedded/schema.h"
#include "store/embedded/store_directory.h"

// `sightline check` for a store directory: every frame checks, every row can be decoded, every
// table can be read as a whole, and what one part of a day says about another is true.

namespace sightline::store::embedded {
namespace {

// Looks at one day.
class DayCheck {
 public:
  DayCheck(Connection& connection, Day& day, StoreReport& report)
      : connection_(connection), day_(day), report_(report) {}

  void Run() {
    ReadTables();
    ReadFrames();
    Compare();
  }

 private:
  void Add(const std::string& problem) {
    report_.problems.push_back(fmt::format("{}: {}", day_.path().string(), problem));
  }

  // Days of this format may lack tables that came later.
  bool HasTable(const std::string& table) {
    const auto count = connection_.QueryIntegers(
        "SELECT count(*) FROM duckdb_tables() WHERE database_name = ? AND table_name = ?",
        {Param::Text(day_.database()), Param::Text(table)});
    return !count.has_value() || count->front() > 0;
  }

  // A checksum of every row makes DuckDB read, and check, every block.
  void ReadTables() {
    for (const std::string& table : TableNames()) {
      if (!HasTable(table)) {
        continue;
      }
      auto read = connection_.QueryIntegers(
          fmt::format("SELECT count(*), (bit_xor(hash(t)) % 1024)::BIGINT "
                      "FROM {}.{} AS t",
                      day_.database(), table));
      if (!read.has_value()) {
        Add(fmt::format("table {} cannot be read: {}", table, read.error().message()));
      }
    }
  }

  void ReadFrames() {
    const auto scanned = day_.frames().Scan(
        0, day_.checkpoint().frames_length,
        [&](const Frame& frame) {
          const base::Result<void> read = ReadFrame(frame);
          if (!read.has_value()) {
            Add(fmt::format("frame at {}: {}", frame.offset, read.error().message()));
          }
          return true;
        },
        [&](const std::string& damage) { Add(damage); });
    if (!scanned.has_value()) {
      Add(scanned.error().message());
    }
  }

  base::Result<void> ReadFrame(const Frame& frame) {
    switch (frame.kind) {
      case FrameKind::kRows:
        return ReadRows(frame);
      case FrameKind::kBodies:
        return ReadBodies(frame);
      case FrameKind::kGrams:
        return ReadGrams(frame);
    }
    return {};
  }

  base::Result<void> ReadRows(const Frame& frame) {
    std::uint64_t blocks = 0;
    base::Result<void> decoded;
    TRY(ForEachBlock(frame.bytes, [&](const StoredBlock& stored) {
      ++blocks;
      model::Batch rows;
      decoded = model::DecodeBlock(stored.block, rows);
      spans_ += rows.spans.size();
      logs_ += rows.logs.size();
      for (const auto* spans : {&rows.spans, &rows.pending}) {
        for (const model::Span& span : *spans) {
          model::ForEachBodyId(span.content, [&](std::uint64_t id) { used_bodies_.insert(id); });
        }
      }
      for (const model::LogRecord& log : rows.logs) {
        model::ForEachBodyId(log.content, [&](std::uint64_t id) { used_bodies_.insert(id); });
      }
      CheckIndexed(stored, frame.offset);
      return decoded.has_value();
    }));
    TRY(std::move(decoded));
    if (blocks != frame.entries) {
      return base::Error(base::Code::kDataLoss, "the number of blocks differs");
    }
    return {};
  }

  void CheckIndexed(const StoredBlock& stored, std::uint64_t offset) {
    const model::TraceId& id = stored.block.trace_id;
    if (id.is_zero() || (id == last_indexed_ && offset == last_offset_)) {
      return;
    }
    last_indexed_ = id;
    last_offset_ = offset;
    const std::vector<TracePlace> places = day_.traces().Find(id);
    if (std::none_of(places.begin(), places.end(),
                     [&](const TracePlace& place) { return place.frame_offset == offset; })) {
      Add(fmt::format("the index does not know that the frame at {} holds rows of trace {}", offset,
                      id.ToHex()));
    }
  }

  base::Result<void> ReadBodies(const Frame& frame) {
    body_frames_.insert(frame.offset);
    TRY(ForEachBody(frame.bytes, [&](const model::Body& body) {
      stored_bodies_.insert(body.id);
      const std::vector<std::uint64_t> offsets = day_.bodies().Find(body.id);
      if (std::find(offsets.begin(), offsets.end(), frame.offset) == offsets.end()) {
        Add(fmt::format("message body {} is not found where it is", body.id));
      }
      return true;
    }));
    return {};
  }

  base::Result<void> ReadGrams(const Frame& frame) {
    gram_frames_.insert(frame.offset);
    std::uint64_t entries = 0;
    bool are_of_bodies = true;
    TRY(ForEachGrams(frame.bytes, [&](const StoredGrams& grams) {
      ++entries;
      are_of_bodies = are_of_bodies && body_frames_.contains(grams.body_frame_offset);
    }));
    if (!are_of_bodies || entries != frame.entries) {
      return base::Error(base::Code::kDataLoss, "its grams are not of message bodies");
    }
    return {};
  }

  // What a search does not find there it reads itself, so this costs time and nothing else.
  void CompareGrams() {
    if (!HasTable("gram_frames")) {
      return;
    }
    base::Result<QueryResult> offsets =
        connection_.Query(fmt::format("SELECT frame_offset FROM {}.gram_frames", day_.database()));
    if (!offsets.has_value()) {
      return;  // Told when all tables were read.
    }
    std::uint64_t missing = 0;
    while (const auto chunk = offsets->Next()) {
      for (std::uint64_t row = 0; row < chunk->size(); ++row) {
        const auto offset = static_cast<std::uint64_t>(chunk->at<std::int64_t>(0, row));
        missing += gram_frames_.contains(offset) ? 0U : 1U;
      }
    }
    if (missing != 0) {
      Add(fmt::format("{} frames of grams are missing", missing));
    }
  }

  void Compare() {
    CompareGrams();
    const Checkpoint checkpoint = day_.checkpoint();
    if (checkpoint.spans != spans_ || checkpoint.logs != logs_) {
      Add(fmt::format("frames hold {} spans and {} log records, checkpoints say {} and {}", spans_,
                      logs_, checkpoint.spans, checkpoint.logs));
    }
    const auto missing =
        std::count_if(used_bodies_.begin(), used_bodies_.end(),
                      [&](std::uint64_t id) { return !stored_bodies_.contains(id); });
    if (missing != 0) {
      Add(fmt::format("{} message bodies that rows refer to are missing", missing));
    }
    report_.spans += spans_;
    report_.logs += logs_;
    report_.points += checkpoint.points;
    report_.runs += checkpoint.runs;
    report_.bodies += stored_bodies_.size();
    report_.sealed_position = std::max(report_.sealed_position, checkpoint.position);
  }

  Connection& connection_;
  Day& day_;
  StoreReport& report_;
  std::uint64_t spans_ = 0;
  std::uint64_t logs_ = 0;
  std::unordered_set<std::uint64_t> used_bodies_;
  std::unordered_set<std::uint64_t> stored_bodies_;
  std::unordered_set<std::uint64_t> body_frames_;  // Offsets.
  std::unordered_set<std::uint64_t> gram_frames_;
  model::TraceId last_indexed_;
  std::uint64_t last_offset_ = 0;
};

std::uint64_t CountFiles(const std::filesystem::path& directory) {
  std::uint64_t files = 0;
  std::error_code error;
  for (std::filesystem::directory_iterator it(directory, error), end; !error && it != end;
       it.increment(error)) {
    ++files;
  }
  return files;
}

// Whether there is a frame in the folder of a day.
bool HasFrames(base::Disk& disk, const std::filesystem::path& day_path) {
  bool has_frame = false;
  std::error_code error;
  if (!std::filesystem::exists(FramesPath(day_path), error)) {
    return false;
  }
  const auto frames = FrameReader::Open(disk, FramesPath(day_path));
  if (frames.has_value()) {
    static_cast<void>((*frames)->Scan(
        0, FrameReader::kToEndOfFile,
        [&](const Frame&) {
          has_frame = true;
          return false;
        },
        [](const std::string&) {}));
  }
  return has_frame || !frames.has_value();
}

}  // namespace

base::Result<StoreReport> CheckStore(const std::filesystem::path& directory) {
  base::PosixDisk disk;
  StoreReport report;
  TRY(CheckFormat(disk, directory));
  if (auto key = ReadKey(disk, directory);
      !key.has_value() && key.error().code() != base::Code::kNotFound) {
    report.problems.push_back(key.error().message());
  }
  if (auto deleted = ReadDeletedPosition(disk, directory); deleted.has_value()) {
    report.sealed_position = *deleted;
  } else {
    report.problems.push_back(deleted.error().message());
  }
  report.quarantined = CountFiles(QuarantinePath(directory));
  const auto database = TRY(Database::Open({}));
  const auto connection = TRY(database->Connect());
  for (const std::int32_t number : ListDays(directory)) {
    ++report.days;
    auto day = Day::Open(disk, *connection, directory, number, DayAccess::kReadOnly);
    if (!day.has_value()) {
      if (day.error().code() == base::Code::kNotFound &&
          !HasFrames(disk, DayPath(directory, number))) {
        continue;  // It was being made when the server ended.
      }
      report.problems.push_back(day.error().message());
      continue;
    }
    DayCheck(*connection, **day, report).Run();
    TRY(connection->Execute(fmt::format("DETACH {}", (*day)->database())));
  }
  return report;
}

}  // namespace sightline::store::embedded
