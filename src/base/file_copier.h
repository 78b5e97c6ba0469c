// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <limits>
#include <stop_token>
#include <utility>

#include "base/disk.h"
#include "base/result.h"

namespace sightline::base {

// Copies files durably, and leaves room on the disk that they go to.
//
// Thread: confined. The disk must outlive it.
class FileCopier {
 public:
  static constexpr std::uint64_t kWhole = std::numeric_limits<std::uint64_t>::max();

  // `keep_free_bytes` stay free on the disk of the copies. After a stop every copy fails with
  // kUnavailable.
  FileCopier(Disk& disk, std::uint64_t keep_free_bytes, std::stop_token stop = {})
      : disk_(disk), keep_free_bytes_(keep_free_bytes), stop_(std::move(stop)) {}

  // The first `bytes` of a file; `to` is replaced. Its entry is durable after SyncDirectory.
  // Errors: kUnavailable when there is no room left; those of Disk. kDataLoss: the file has fewer
  // than `bytes`, unless that is kWhole.
  Result<void> Copy(const std::filesystem::path& from, const std::filesystem::path& to,
                    std::uint64_t bytes = kWhole);

  // The same for a file that is open.
  Result<void> Copy(DiskFile& from, const std::filesystem::path& to, std::uint64_t bytes = kWhole);

  std::uint64_t copied_bytes() const { return copied_bytes_; }

 private:
  Result<void> CheckRoom(const std::filesystem::path& to, std::uint64_t bytes);

  Disk& disk_;
  const std::uint64_t keep_free_bytes_;
  const std::stop_token stop_;
  std::uint64_t copied_bytes_ = 0;
};

}  // namespace sightline::base
