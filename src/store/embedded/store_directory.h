// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>

#include "base/result.h"

namespace sightline::store::embedded {

// What lies in the store's directory beside the day files and outlives them.

// The marker `format` says which format the directory as a whole has. The tables of a day file have
// a version of their own, see schema.h.

// kFailedPrecondition when a newer version of Sightline wrote the directory. A directory without a
// marker is empty or not finished, and ours.
base::Result<void> CheckFormat(const std::filesystem::path& directory);

// Writes the marker where it is missing.
base::Result<void> MarkFormat(const std::filesystem::path& directory);

// The last journal position that was in a day which retention has deleted; 0 when there is none.
// Without it the journal, which may still hold those records, would bring them back.
base::Result<std::uint64_t> ReadDeletedPosition(const std::filesystem::path& directory);
base::Result<void> WriteDeletedPosition(const std::filesystem::path& directory,
                                        std::uint64_t position);

}  // namespace sightline::store::embedded
