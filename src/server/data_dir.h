// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>

#include "base/file.h"
#include "base/result.h"

namespace sightline::server {

// One process per data directory: holds while the descriptor lives, and ends with the process.
// Errors: kFailedPrecondition when another process holds it.
base::Result<base::FileDescriptor> LockDataDir(const std::filesystem::path& directory);

}  // namespace sightline::server
