// SPDX-License-Identifier: Apache-2.0
#include "store/meta/migrations.h"

#include <fcntl.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <fstream>
#include <string>
#include <system_error>

#include <fmt/format.h>

#include "base/file.h"

namespace sightline::store::meta {
namespace {

using base::Code;
using base::Error;
using base::Result;

constexpr auto kMigrations = std::to_array<std::string_view>({
    // 1: prices. Replaced and deleted ones stay for a while: figures name them by version.
    R"(
      CREATE TABLE prices (
        version INTEGER PRIMARY KEY AUTOINCREMENT,
        provider TEXT NOT NULL,
        model TEXT NOT NULL,
        from_ns INTEGER NOT NULL,
        document TEXT NOT NULL,
        source TEXT NOT NULL,
        created_ns INTEGER NOT NULL,
        is_current INTEGER NOT NULL DEFAULT 1,
        ended_ns INTEGER NOT NULL DEFAULT 0
      ) STRICT;
      CREATE UNIQUE INDEX prices_current ON prices (provider, model, from_ns) WHERE is_current = 1;
    )",
    // 2: what is saved as a whole: views, dashboards.
    R"(
      CREATE TABLE saved (
        kind TEXT NOT NULL,
        id TEXT NOT NULL,
        name TEXT NOT NULL,
        document TEXT NOT NULL,
        version INTEGER NOT NULL,
        created_ns INTEGER NOT NULL,
        updated_ns INTEGER NOT NULL,
        PRIMARY KEY (kind, id)
      ) STRICT, WITHOUT ROWID;
    )",
    // 3: scores of runs, steps and sessions.
    R"(
      CREATE TABLE scores (
        id TEXT PRIMARY KEY,
        trace_id TEXT NOT NULL,
        span_id TEXT NOT NULL,
        session_id TEXT NOT NULL,
        name TEXT NOT NULL,
        kind INTEGER NOT NULL,
        number REAL NOT NULL,
        text TEXT NOT NULL,
        comment TEXT NOT NULL,
        source TEXT NOT NULL,
        author TEXT NOT NULL,
        time_ns INTEGER NOT NULL
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX scores_trace ON scores (trace_id) WHERE trace_id <> '';
      CREATE INDEX scores_session ON scores (session_id) WHERE session_id <> '';
      CREATE INDEX scores_name ON scores (name, time_ns);
      CREATE INDEX scores_time ON scores (time_ns, id);
    )",
    // 4: datasets, and what people write about runs, steps and sessions. The texts of examples come
    // last, so that nothing before them is read from overflow pages.
    R"(
      CREATE TABLE datasets (
        id TEXT PRIMARY KEY,
        name TEXT NOT NULL,
        description TEXT NOT NULL,
        created_ns INTEGER NOT NULL,
        updated_ns INTEGER NOT NULL,
        examples INTEGER NOT NULL,
        bytes INTEGER NOT NULL
      ) STRICT, WITHOUT ROWID;
      CREATE TABLE examples (
        place INTEGER PRIMARY KEY AUTOINCREMENT,
        dataset_id TEXT NOT NULL,
        id TEXT NOT NULL,
        trace_id TEXT NOT NULL,
        run_id TEXT NOT NULL,
        span_id TEXT NOT NULL,
        run_ns INTEGER NOT NULL,
        created_ns INTEGER NOT NULL,
        updated_ns INTEGER NOT NULL,
        bytes INTEGER NOT NULL,
        input TEXT NOT NULL,
        output TEXT NOT NULL,
        expected TEXT NOT NULL,
        metadata TEXT NOT NULL
      ) STRICT;
      CREATE INDEX examples_dataset ON examples (dataset_id, place);
      CREATE UNIQUE INDEX examples_id ON examples (dataset_id, id);
      CREATE UNIQUE INDEX examples_source ON examples (dataset_id, trace_id, span_id)
        WHERE trace_id <> '';
      CREATE TABLE annotations (
        id TEXT PRIMARY KEY,
        trace_id TEXT NOT NULL,
        span_id TEXT NOT NULL,
        session_id TEXT NOT NULL,
        text TEXT NOT NULL,
        author TEXT NOT NULL,
        time_ns INTEGER NOT NULL
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX annotations_trace ON annotations (trace_id) WHERE trace_id <> '';
      CREATE INDEX annotations_session ON annotations (session_id) WHERE session_id <> '';
      CREATE INDEX annotations_time ON annotations (time_ns, id);
    )",
});

Error Newer(const std::filesystem::path& file, std::int64_t version, std::size_t known) {
  return {Code::kFailedPrecondition,
          fmt::format("cannot open {}: it was written by a newer version of Sightline (metadata "
                      "version {}, this version knows {})",
                      file.string(), version, known)};
}

}  // namespace

std::span<const std::string_view> Migrations() {
  return kMigrations;
}

Result<void> RefuseNewer(const std::filesystem::path& file, std::size_t known) {
  // SQLite's header: the version that we count in is a big-endian number at byte 60.
  constexpr std::string_view kMagic("SQLite format 3\0", 16);
  constexpr std::size_t kVersionAt = 60;
  std::array<char, 100> header{};
  std::ifstream stream(file, std::ios::binary);
  stream.read(header.data(), header.size());
  if (!stream || std::string_view(header.data(), kMagic.size()) != kMagic) {
    return {};
  }
  std::uint32_t version = 0;
  for (std::size_t i = 0; i < 4; ++i) {
    version = version << 8U | static_cast<unsigned char>(header[kVersionAt + i]);
  }
  return version > known ? Result<void>(Newer(file, version, known)) : Result<void>();
}

Result<void> CopyTo(Database& database, const std::filesystem::path& file) {
  std::filesystem::path part = file;
  part += ".part";
  std::error_code error;
  std::filesystem::remove(part, error);
  Statement copy = TRY(database.Prepare("VACUUM INTO ?"));
  TRY(copy.Bind(1, part.string()).Run());
  const base::FileDescriptor written = TRY(base::OpenFile(part, O_RDWR));
  TRY(base::SyncData(written));
  std::filesystem::rename(part, file, error);
  if (error) {
    return Error(Code::kUnavailable,
                 fmt::format("cannot create {}: {}", file.string(), error.message()));
  }
  return base::SyncDirectory(file.parent_path());
}

Result<void> Migrate(const std::filesystem::path& file, Database& database,
                     std::span<const std::string_view> migrations) {
  const std::int64_t found = TRY(database.Number("PRAGMA user_version"));
  if (found < 0 || static_cast<std::size_t>(found) > migrations.size()) {
    return Newer(file, found, migrations.size());
  }
  for (auto step = static_cast<std::size_t>(found); step < migrations.size(); ++step) {
    if (step > 0) {
      std::filesystem::path copy = file;
      copy += fmt::format(".version-{}", step);
      TRY(CopyTo(database, copy));
    }
    Transaction transaction = TRY(Transaction::Begin(database));
    TRY(database.Execute(std::string(migrations[step])));
    TRY(database.Execute(fmt::format("PRAGMA user_version={}", step + 1)));
    TRY(transaction.Commit());
  }
  return {};
}

}  // namespace sightline::store::meta
