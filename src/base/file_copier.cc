// SPDX-License-Identifier: Apache-2.0
#include "base/file_copier.h"

#include <algorithm>
#include <memory>
#include <string>

#include <fmt/format.h>

namespace sightline::base {
namespace {

constexpr std::uint64_t kPieceBytes = std::uint64_t{1} << 20U;
constexpr std::uint64_t kRoomCheckBytes = std::uint64_t{16} << 20U;  // Between looks at the disk.

}  // namespace

Result<void> FileCopier::CheckRoom(const std::filesystem::path& to, std::uint64_t bytes) {
  const std::uint64_t free = TRY(disk_.FreeBytes(to.parent_path()));
  if (free < keep_free_bytes_ || free - keep_free_bytes_ < bytes) {
    return Error(
        Code::kUnavailable,
        fmt::format("cannot write {}: {} bytes are free on its disk, of which {} must stay",
                    to.string(), free, keep_free_bytes_));
  }
  return {};
}

Result<void> FileCopier::Copy(const std::filesystem::path& from, const std::filesystem::path& to,
                              std::uint64_t bytes) {
  const std::unique_ptr<DiskFile> file = TRY(disk_.Open(from, OpenMode::kRead));
  return Copy(*file, to, bytes);
}

Result<void> FileCopier::Copy(DiskFile& from, const std::filesystem::path& to,
                              std::uint64_t bytes) {
  const std::unique_ptr<DiskFile> copy = TRY(disk_.Open(to, OpenMode::kReplace));
  std::string piece;
  std::uint64_t offset = 0;
  while (offset < bytes) {
    if (stop_.stop_requested()) {
      return Error(Code::kUnavailable, "the server is being stopped");
    }
    if (offset % kRoomCheckBytes == 0) {
      TRY(CheckRoom(to, kPieceBytes));
    }
    piece.resize(std::min(kPieceBytes, bytes - offset));
    const std::size_t read = TRY(from.Read(piece, offset));
    TRY(copy->Write(std::string_view(piece).substr(0, read), offset));
    offset += read;
    copied_bytes_ += read;
    if (read < piece.size()) {
      break;
    }
  }
  if (bytes != kWhole && offset < bytes) {
    return Error(Code::kDataLoss, fmt::format("cannot copy to {}: {} bytes expected, {} are there",
                                              to.string(), bytes, offset));
  }
  return copy->Sync();
}

}  // namespace sightline::base
