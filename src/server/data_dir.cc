// SPDX-License-Identifier: Apache-2.0
#include "server/data_dir.h"

#include <fcntl.h>
#include <sys/file.h>

#include <system_error>

#include <fmt/format.h>

namespace sightline::server {

bool IsBackupExchange(const std::filesystem::path& name) {
  return name.string().starts_with(kBackupRequestFile) ||
         name.string().starts_with(kBackupStatusFile);
}

base::Result<base::FileDescriptor> LockDataDir(const std::filesystem::path& directory) {
  base::FileDescriptor lock = TRY(base::OpenFile(directory / "lock", O_RDWR | O_CREAT));
  if (::flock(lock.get(), LOCK_EX | LOCK_NB) != 0) {
    return base::Error(
        base::Code::kFailedPrecondition,
        fmt::format("cannot use {}: another server is running on it", directory.string()));
  }
  return lock;
}

base::Result<base::FileDescriptor> LockDataDirToRead(const std::filesystem::path& directory) {
  std::error_code error;
  if (!std::filesystem::is_directory(directory, error)) {
    return base::Error(
        base::Code::kNotFound,
        fmt::format("cannot read {}: there is no such directory", directory.string()));
  }
  const std::filesystem::path path = directory / "lock";
  if (!std::filesystem::exists(path, error) && !error) {
    return base::FileDescriptor();
  }
  base::FileDescriptor lock = TRY(base::OpenFile(path, O_RDONLY));
  if (::flock(lock.get(), LOCK_SH | LOCK_NB) != 0) {
    return base::Error(base::Code::kFailedPrecondition,
                       fmt::format("cannot use {}: a server is running on it", directory.string()));
  }
  return lock;
}

}  // namespace sightline::server
