// SPDX-License-Identifier: Apache-2.0
#include "store/embedded/store_directory.h"

#include <charconv>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include <fmt/format.h>

#include "base/hex.h"

namespace sightline::store::embedded {
namespace {

constexpr std::string_view kFormatFile = "format";
constexpr std::string_view kFormatText = "2\n";
constexpr std::string_view kKeyFile = "body.key";
constexpr std::string_view kDeletedFile = "deleted_position";
constexpr std::string_view kFirstStoreSuffix = ".duckdb";

bool Exists(const std::filesystem::path& path) {
  std::error_code ignored;
  return std::filesystem::exists(path, ignored);
}

// "<text> <checksum>\n".
std::string Sealed(std::string_view text) {
  return fmt::format("{} {:016x}\n", text, base::HashBytes64(text));
}

std::optional<std::string> Unsealed(std::string_view line) {
  const std::size_t space = line.rfind(' ');
  if (space == std::string_view::npos || Sealed(line.substr(0, space)) != line) {
    return std::nullopt;
  }
  return std::string(line.substr(0, space));
}

base::Error Damaged(const std::filesystem::path& path) {
  return {base::Code::kDataLoss, fmt::format("cannot read {}: it is damaged", path.string())};
}

// The first store had a database a day, beside a file that said format 1.
std::string FileOfTheFirstStore(const std::filesystem::path& directory) {
  std::error_code error;
  for (std::filesystem::directory_iterator it(directory, error), end; !error && it != end;
       it.increment(error)) {
    if (it->path().filename().string().ends_with(kFirstStoreSuffix)) {
      return it->path().filename().string();
    }
  }
  return {};
}

}  // namespace

std::filesystem::path QuarantinePath(const std::filesystem::path& directory) {
  return directory / "quarantine";
}

std::filesystem::path SpillPath(const std::filesystem::path& directory) {
  return directory / "spill";
}

base::Result<void> CheckFormat(base::Disk& disk, const std::filesystem::path& directory) {
  const std::filesystem::path path = directory / kFormatFile;
  const std::string old_file = FileOfTheFirstStore(directory);
  if (!Exists(path) && old_file.empty()) {
    return {};
  }
  const std::string text = Exists(path) ? TRY(disk.ReadFile(path)) : std::string();
  if (text == "1\n" || !old_file.empty()) {
    return base::Error(
        base::Code::kFailedPrecondition,
        fmt::format("cannot open {}: it was written before the first release of Sightline, in a "
                    "format that is no longer read{}; move it away, or choose another data "
                    "directory",
                    directory.string(), old_file.empty() ? "" : " (" + old_file + ")"));
  }
  if (text != kFormatText) {
    return base::Error(
        base::Code::kFailedPrecondition,
        fmt::format("cannot open {}: it was written by a newer version of Sightline (format {}, "
                    "this version knows 2)",
                    directory.string(), text.substr(0, text.find('\n'))));
  }
  return {};
}

base::Result<void> MarkFormat(base::Disk& disk, const std::filesystem::path& directory) {
  const std::filesystem::path path = directory / kFormatFile;
  return Exists(path) ? base::Result<void>() : disk.ReplaceFile(path, kFormatText);
}

base::Result<base::HashKey> ReadOrMakeKey(base::Disk& disk,
                                          const std::filesystem::path& directory) {
  const std::filesystem::path path = directory / kKeyFile;
  if (!Exists(path)) {
    const base::HashKey key = base::RandomHashKey();
    TRY(disk.ReplaceFile(path, Sealed(base::HexEncode(key))));
    return key;
  }
  return ReadKey(disk, directory);
}

base::Result<base::HashKey> ReadKey(base::Disk& disk, const std::filesystem::path& directory) {
  const std::filesystem::path path = directory / kKeyFile;
  if (!Exists(path)) {
    return base::Error(base::Code::kNotFound, fmt::format("there is no {}", path.string()));
  }
  const std::optional<std::string> text = Unsealed(TRY(disk.ReadFile(path)));
  base::HashKey key{};
  if (!text || !base::HexDecode(*text, key)) {
    return Damaged(path);
  }
  return key;
}

base::Result<void> CopyKey(base::Disk& disk, const std::filesystem::path& from,
                           const std::filesystem::path& to) {
  if (!Exists(from / kKeyFile)) {
    return {};
  }
  const std::string text = TRY(disk.ReadFile(from / kKeyFile));
  return disk.ReplaceFile(to / kKeyFile, text);
}

base::Result<void> CopyQuarantine(base::Disk& disk, const std::filesystem::path& from,
                                  const std::filesystem::path& to, base::FileCopier& copier) {
  if (!Exists(QuarantinePath(from))) {
    return {};
  }
  TRY(disk.CreateDirectory(QuarantinePath(to)));
  const std::vector<std::string> names = TRY(disk.List(QuarantinePath(from)));
  for (const std::string& name : names) {
    TRY(copier.Copy(QuarantinePath(from) / name, QuarantinePath(to) / name));
  }
  return disk.SyncDirectory(QuarantinePath(to));
}

base::Result<std::uint64_t> ReadDeletedPosition(base::Disk& disk,
                                                const std::filesystem::path& directory) {
  const std::filesystem::path path = directory / kDeletedFile;
  if (!Exists(path)) {
    return std::uint64_t{0};
  }
  const std::optional<std::string> text = Unsealed(TRY(disk.ReadFile(path)));
  std::uint64_t position = 0;
  if (!text) {
    return Damaged(path);
  }
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), position);
  if (error != std::errc() || end != text->data() + text->size()) {
    return Damaged(path);
  }
  return position;
}

base::Result<void> WriteDeletedPosition(base::Disk& disk, const std::filesystem::path& directory,
                                        std::uint64_t position) {
  return disk.ReplaceFile(directory / kDeletedFile, Sealed(std::to_string(position)));
}

}  // namespace sightline::store::embedded
