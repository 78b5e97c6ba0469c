// SPDX-License-Identifier: Apache-2.0
#include "server/backup.h"

#include <chrono>
#include <functional>
#include <string_view>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include "base/file_copier.h"
#include "base/json_writer.h"
#include "base/time_text.h"
#include "server/data_dir.h"

namespace sightline::server {
namespace {

using base::Code;
using base::Error;
using base::Result;
namespace fs = std::filesystem;

constexpr std::string_view kManifestFile = "backup.json";
constexpr auto kWait = std::chrono::seconds(60);  // For the store to be ready.
// For what the directory lacks besides what is copied: its own files and those of file systems.
constexpr std::uint64_t kSpareBytes = std::uint64_t{8} << 20U;

Error Refused(const fs::path& target, std::string_view cause) {
  return {Code::kFailedPrecondition,
          fmt::format("cannot back up to {}: {}", target.string(), cause)};
}

bool IsWithin(const fs::path& inner, const fs::path& outer) {
  std::error_code error;
  const fs::path relative =
      fs::weakly_canonical(inner, error).lexically_relative(fs::weakly_canonical(outer, error));
  return !relative.empty() && *relative.begin() != "..";
}

// The place of a backup, and the directory beside it in which it is made.
class Target {
 public:
  static Result<Target> Prepare(const fs::path& path, const fs::path& data_dir, base::Disk& disk) {
    std::error_code error;
    if (IsWithin(path, data_dir)) {
      return Refused(path, "it lies in the data directory");
    }
    if (fs::exists(path, error) && !(fs::is_directory(path, error) && fs::is_empty(path, error))) {
      return Refused(path, "it exists and is not an empty directory");
    }
    if (!fs::is_directory(path.parent_path(), error)) {
      return Refused(path, "the directory above it does not exist");
    }
    Target target(path, disk);
    if (fs::exists(fs::symlink_status(target.partial_, error))) {
      return Refused(path, fmt::format("{} is left of a backup that did not end: delete it first",
                                       target.partial_.string()));
    }
    TRY(disk.CreateDirectory(target.partial_));
    target.is_made_ = true;
    return target;
  }

  Target(Target&& other) noexcept
      : path_(std::move(other.path_)),
        partial_(std::move(other.partial_)),
        disk_(other.disk_),
        is_made_(std::exchange(other.is_made_, false)) {}

  Target& operator=(Target&&) = delete;
  Target(const Target&) = delete;
  Target& operator=(const Target&) = delete;

  ~Target() {
    if (is_made_) {
      std::error_code ignored;
      fs::remove_all(partial_, ignored);
    }
  }

  const fs::path& partial() const { return partial_; }

  Result<void> Finish(std::string_view manifest) {
    TRY(disk_.ReplaceFile(partial_ / kManifestFile, manifest));
    TRY(disk_.SyncDirectory(partial_));
    TRY(disk_.Rename(partial_, path_));
    is_made_ = false;
    return disk_.SyncDirectory(path_.parent_path());
  }

 private:
  Target(fs::path path, base::Disk& disk) : path_(std::move(path)), partial_(path_), disk_(disk) {
    partial_ += ".partial";
  }

  fs::path path_;
  fs::path partial_;
  base::Disk& disk_;
  bool is_made_ = false;
};

// Every file of the data directory that belongs in a backup, with its path in there.
void VisitFiles(const fs::path& data_dir, const std::function<void(const fs::path&)>& visit) {
  std::error_code error;
  for (fs::recursive_directory_iterator it(data_dir, error), end; !error && it != end;
       it.increment(error)) {
    const fs::path path = it->path().lexically_relative(data_dir);
    if (path == fs::path("days") / "spill") {
      it.disable_recursion_pending();
    }
    const bool is_of_process = path == "lock" || path == "ports.json" || IsBackupExchange(path);
    if (it->is_regular_file(error) && !is_of_process) {
      visit(path);
    }
  }
}

std::uint64_t BytesOf(const fs::path& data_dir) {
  std::uint64_t bytes = 0;
  VisitFiles(data_dir, [&](const fs::path& path) {
    std::error_code error;
    const std::uintmax_t size = fs::file_size(data_dir / path, error);
    bytes += error ? 0 : size;
  });
  return bytes;
}

Result<void> CheckRoom(const fs::path& target, std::uint64_t bytes, std::uint64_t keep_free,
                       base::Disk& disk) {
  const std::uint64_t free = TRY(disk.FreeBytes(target.parent_path()));
  if (free < keep_free || free - keep_free < bytes + kSpareBytes) {
    return Error(Code::kUnavailable,
                 fmt::format("cannot back up to {}: it takes {} bytes; {} are free there, of which "
                             "{} must stay",
                             target.string(), bytes + kSpareBytes, free, keep_free));
  }
  return {};
}

bool IsOnSameDisk(const fs::path& a, const fs::path& b, base::Disk& disk) {
  const auto of_a = disk.Identify(a);
  const auto of_b = disk.Identify(b);
  return of_a.has_value() && of_b.has_value() && of_a->device == of_b->device;
}

std::string Manifest(const BackupReport& report, std::int64_t begun_ns, std::int64_t ended_ns,
                     std::uint64_t position) {
  base::JsonWriter json;
  json.BeginObject();
  json.Key("begun_at").String(base::FormatTimeNs(begun_ns));
  json.Key("ended_at").String(base::FormatTimeNs(ended_ns));
  json.Key("position").Uint(position);
  json.Key("days").Uint(report.days);
  json.Key("bytes").Uint(report.bytes);
  json.Key("left_out").BeginArray();
  for (const std::string& sentence : report.left_out) {
    json.String(sentence);
  }
  json.EndArray().EndObject();
  return json.Take() + "\n";
}

// A metadata store that is damaged is out of use anyway: the rest is still worth a backup.
Result<void> CopyMetadata(const BackupParts& parts, const fs::path& to, BackupReport& report) {
  const std::string problem = parts.meta.problem();
  if (!problem.empty()) {
    report.left_out.push_back(problem);
    return {};
  }
  TRY(parts.meta.BackUp(to / kMetadataFile));
  std::error_code error;
  report.bytes += fs::file_size(to / kMetadataFile, error);
  return {};
}

}  // namespace

Result<BackupReport> BackUpRunning(const BackupParts& parts, const fs::path& target,
                                   std::uint64_t position, const std::stop_token& stop) {
  const std::int64_t begun_ns = parts.clock.NowNs();
  Target place = TRY(Target::Prepare(target, parts.data_dir, parts.disk));
  const std::uint64_t keep_free =
      IsOnSameDisk(parts.data_dir, place.partial(), parts.disk) ? parts.disk_reserve_bytes : 0;
  TRY(CheckRoom(target, BytesOf(parts.data_dir), keep_free, parts.disk));
  base::FileCopier copier(parts.disk, keep_free, stop);
  const store::embedded::StoreBackup days = TRY(parts.store.BackUp(
      place.partial() / "days", position, copier, std::chrono::steady_clock::now() + kWait));
  BackupReport report{.days = days.days, .bytes = copier.copied_bytes()};
  for (const std::string& name : days.left_out) {
    report.left_out.push_back(fmt::format("day folder {} could not be read", name));
  }
  // Everything is sealed: the copy begins with an empty one.
  TRY(parts.disk.CreateDirectory(place.partial() / "journal"));
  TRY(CopyMetadata(parts, place.partial(), report));
  TRY(place.Finish(Manifest(report, begun_ns, parts.clock.NowNs(), position)));
  return report;
}

Result<BackupReport> BackUpStopped(const fs::path& data_dir, const fs::path& target,
                                   base::Disk& disk, const base::Clock& clock) {
  const std::int64_t begun_ns = clock.NowNs();
  Target place = TRY(Target::Prepare(target, data_dir, disk));
  TRY(CheckRoom(target, BytesOf(data_dir), 0, disk));
  base::FileCopier copier(disk, 0);
  BackupReport report;
  Result<void> copied;
  VisitFiles(data_dir, [&](const fs::path& path) {
    if (!copied.has_value()) {
      return;
    }
    copied = disk.CreateDirectory((place.partial() / path).parent_path());
    if (copied.has_value()) {
      copied = copier.Copy(data_dir / path, place.partial() / path);
    }
    if (copied.has_value()) {
      copied = disk.SyncDirectory((place.partial() / path).parent_path());
    }
    report.days += path.filename() == "facts.duckdb" ? 1 : 0;
  });
  TRY(std::move(copied));
  report.bytes = copier.copied_bytes();
  TRY(place.Finish(Manifest(report, begun_ns, clock.NowNs(), 0)));
  return report;
}

}  // namespace sightline::server
