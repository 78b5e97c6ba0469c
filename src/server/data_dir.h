// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string_view>

#include "base/file.h"
#include "base/result.h"

namespace sightline::server {

// Inside the data directory: what people edit (store/meta_store.h).
inline constexpr std::string_view kMetadataFile = "metadata.db";

// How a backup is asked for (backup_desk.h).
inline constexpr std::string_view kBackupRequestFile = "backup.request";
inline constexpr std::string_view kBackupStatusFile = "backup.status";

// Whether a name in the data directory is of one of these.
bool IsBackupExchange(const std::filesystem::path& name);

// One process per data directory: holds while the descriptor lives, and ends with the process.
// Errors: kFailedPrecondition when another process holds it.
base::Result<base::FileDescriptor> LockDataDir(const std::filesystem::path& directory);

// For those who only read: several at once, and no server meanwhile. Changes nothing, so that the
// directory may be one that cannot be written; without a lock file no server has used it, and the
// descriptor is not open.
// Errors: kFailedPrecondition when a server holds it, kNotFound when there is no directory.
base::Result<base::FileDescriptor> LockDataDirToRead(const std::filesystem::path& directory);

}  // namespace sightline::server
