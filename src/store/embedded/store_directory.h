// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>

#include "base/disk.h"
#include "base/file_copier.h"
#include "base/hash.h"
#include "base/result.h"

namespace sightline::store::embedded {

// What a store directory holds besides its days:
//
//   format            the version of everything in it
//   body.key          the key of body hashes; made once
//   deleted_position  the last journal position that retention has deleted, so that the journal is
//                     not asked to replay it
//   quarantine/       batches that could not be sealed, one file each, as they were in the journal
//   spill/            what queries put down while they run; emptied at the start
//
// Each file carries a checksum of its text.

// Errors: kFailedPrecondition when the directory is of another format, with a sentence that says
// what to do.
base::Result<void> CheckFormat(base::Disk& disk, const std::filesystem::path& directory);

// Marks a new directory as one of this format.
base::Result<void> MarkFormat(base::Disk& disk, const std::filesystem::path& directory);

// Makes one when there is none. Errors: kDataLoss when the file does not check; without the key
// bodies are shared no longer with those that are stored, which costs space and nothing else.
base::Result<base::HashKey> ReadOrMakeKey(base::Disk& disk, const std::filesystem::path& directory);

// Makes none: kNotFound when there is none.
base::Result<base::HashKey> ReadKey(base::Disk& disk, const std::filesystem::path& directory);

// Copies the key to another directory; success when there is none.
base::Result<void> CopyKey(base::Disk& disk, const std::filesystem::path& from,
                           const std::filesystem::path& to);

// Likewise what is in quarantine.
base::Result<void> CopyQuarantine(base::Disk& disk, const std::filesystem::path& from,
                                  const std::filesystem::path& to, base::FileCopier& copier);

// 0 when nothing was deleted. Errors: kDataLoss when the file does not check.
base::Result<std::uint64_t> ReadDeletedPosition(base::Disk& disk,
                                                const std::filesystem::path& directory);
base::Result<void> WriteDeletedPosition(base::Disk& disk, const std::filesystem::path& directory,
                                        std::uint64_t position);

std::filesystem::path QuarantinePath(const std::filesystem::path& directory);
std::filesystem::path SpillPath(const std::filesystem::path& directory);

}  // namespace sightline::store::embedded
