// SPDX-License-Identifier: Apache-2.0
#include "store/embedded/store_directory.h"

#include <charconv>
#include <string>
#include <string_view>
#include <system_error>

#include <fmt/format.h>

#include "base/file.h"

namespace sightline::store::embedded {
namespace {

constexpr std::string_view kFormatFile = "format";
constexpr std::string_view kFormatText = "1\n";
constexpr std::string_view kDeletedFile = "deleted_position";

bool Exists(const std::filesystem::path& path) {
  std::error_code ignored;
  return std::filesystem::exists(path, ignored);
}

}  // namespace

base::Result<void> CheckFormat(const std::filesystem::path& directory) {
  const std::filesystem::path path = directory / kFormatFile;
  if (!Exists(path)) {
    return {};
  }
  const std::string text = TRY(base::ReadFile(path));
  if (text != kFormatText) {
    return base::Error(
        base::Code::kFailedPrecondition,
        fmt::format("cannot open {}: it was written by a newer version of Sightline (format {}, "
                    "this version knows 1)",
                    directory.string(), text.substr(0, text.find('\n'))));
  }
  return {};
}

base::Result<void> MarkFormat(const std::filesystem::path& directory) {
  const std::filesystem::path path = directory / kFormatFile;
  return Exists(path) ? base::Result<void>() : base::WriteFileAtomically(path, kFormatText);
}

base::Result<std::uint64_t> ReadDeletedPosition(const std::filesystem::path& directory) {
  const std::filesystem::path path = directory / kDeletedFile;
  if (!Exists(path)) {
    return std::uint64_t{0};
  }
  const std::string text = TRY(base::ReadFile(path));
  std::uint64_t position = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), position);
  if (error != std::errc() || std::string_view(end) != "\n") {
    return base::Error(base::Code::kDataLoss,
                       fmt::format("cannot read {}: it holds no position", path.string()));
  }
  return position;
}

base::Result<void> WriteDeletedPosition(const std::filesystem::path& directory,
                                        std::uint64_t position) {
  return base::WriteFileAtomically(directory / kDeletedFile, fmt::format("{}\n", position));
}

}  // namespace sightline::store::embedded
