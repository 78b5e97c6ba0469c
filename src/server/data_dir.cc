// SPDX-License-Identifier: Apache-2.0
#include "server/data_dir.h"

#include <fcntl.h>
#include <sys/file.h>

#include <fmt/format.h>

namespace sightline::server {

base::Result<base::FileDescriptor> LockDataDir(const std::filesystem::path& directory) {
  base::FileDescriptor lock = TRY(base::OpenFile(directory / "lock", O_RDWR | O_CREAT));
  if (::flock(lock.get(), LOCK_EX | LOCK_NB) != 0) {
    return base::Error(
        base::Code::kFailedPrecondition,
        fmt::format("cannot use {}: another server is running on it", directory.string()));
  }
  return lock;
}

}  // namespace sightline::server
