// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "base/disk.h"
#include "base/result.h"
#include "journal/segment.h"
#include "journal/segment_scan.h"

namespace sightline::journal {

// What reading a journal found: for `sightline check`, and when a journal is opened.
struct Verification {
  std::uint64_t records = 0;
  std::uint64_t cut_tails = 0;        // Segments with an unfinished write at the end: normal.
  std::vector<std::string> problems;  // Damage and gaps, a sentence each.
  std::uint64_t next_position = 1;    // One past the last record.

  struct Segment {
    SegmentFile file;
    std::uint64_t file_bytes = 0;
    std::uint64_t used_bytes = 0;  // Everything after them is zero.
  };

  std::vector<Segment> segments;  // By first position.
};

// Reads the journal in `directory`, in order, and changes nothing. `visit` gets all good records;
// records up to `stored_position` may be missing, because the store has them. A segment ends where
// the next one starts: records after that point belong to a group that failed and was never
// acknowledged.
//
// Errors: the directory cannot be listed, or those of ScanSegment.
base::Result<Verification> Verify(base::Disk& disk, const std::filesystem::path& directory,
                                  std::uint64_t stored_position, const RecordVisitor& visit);

}  // namespace sightline::journal
