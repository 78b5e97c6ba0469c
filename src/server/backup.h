// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <stop_token>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/disk.h"
#include "base/result.h"
#include "store/embedded/embedded_store.h"
#include "store/meta_store.h"

namespace sightline::server {

// What a backup holds.
//
// Thread: value.
struct BackupReport {
  std::uint64_t days = 0;
  std::uint64_t bytes = 0;
  std::vector<std::string> left_out;  // What could not be read: a sentence each.
};

// What a backup of a data directory that is in use is made with.
struct BackupParts {
  std::filesystem::path data_dir;
  std::uint64_t disk_reserve_bytes;  // Stay free on the disk of the data directory.
  store::embedded::EmbeddedStore& store;
  const store::MetaStore& meta;
  base::Disk& disk;
  const base::Clock& clock;
};

// A backup is a data directory of its own, on which a server can be started: days, keys, what
// people keep, and backup.json, which says what it is. It is made beside its place, under a name
// that ends in ".partial", and moved there when it is whole and durable; after an error nothing is
// left of it.
//
// Errors: kFailedPrecondition when there is something at `target` that is not an empty directory,
// when what a backup before left beside it is still there, or when it lies in the data directory;
// kUnavailable when there is not room enough, with the numbers; others of the disk or the stores.

// Of a data directory that this process uses. Every batch up to `position` is in it. A stop makes
// it fail soon.
base::Result<BackupReport> BackUpRunning(const BackupParts& parts,
                                         const std::filesystem::path& target,
                                         std::uint64_t position, const std::stop_token& stop);

// Of one that no process uses: the caller holds its lock.
base::Result<BackupReport> BackUpStopped(const std::filesystem::path& data_dir,
                                         const std::filesystem::path& target, base::Disk& disk,
                                         const base::Clock& clock);

}  // namespace sightline::server
