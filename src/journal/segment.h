// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace sightline::journal {

// A segment is one file of the journal, named by the position of its first record.
//
//   header   magic "SLJRNL01" (8), first position (8, little endian), XXH3-64 of these 16 bytes (8)
//   record   payload length (4), low half of XXH3-64 of the payload seeded with the position (4),
//            payload
//   ...      positions count up by one; a length of zero, or the end of the file, ends the segment
//
// The file is preallocated, so everything behind the last record is zero. A header is synced before
// the first record is written.

inline constexpr std::size_t kSegmentHeaderBytes = 24;
inline constexpr std::size_t kRecordHeaderBytes = 8;

std::string EncodeSegmentHeader(std::uint64_t first_position);

// Appends one framed record to `out`.
void AppendRecord(std::string& out, std::uint64_t position, std::string_view payload);

struct SegmentFile {
  std::uint64_t first_position = 0;
  std::filesystem::path path;
};

// The segments in `directory`, by first position.
base::Result<std::vector<SegmentFile>> ListSegments(const std::filesystem::path& directory);

std::filesystem::path SegmentPath(const std::filesystem::path& directory,
                                  std::uint64_t first_position);

// What reading a segment found.
struct SegmentScan {
  std::uint64_t next_position = 0;    // Behind the last good record.
  std::uint64_t records = 0;          // Good records.
  std::vector<std::uint64_t> broken;  // Positions of bad records before a good one.
  bool has_header = true;             // False: it is damaged.
  bool ends_cleanly = true;           // False: something other than zeros follows the last record.
};

// Calls `visit(position, payload)` for each good record below `end_position`, in order. A record
// that fails its check is passed over if the one behind it is good, as after a flipped bit;
// otherwise it is the end, as after a crash. Errors: kFailedPrecondition when a newer version wrote
// the segment, or what `visit` returns.
base::Result<SegmentScan> ScanSegment(
    const SegmentFile& segment, std::uint64_t end_position,
    const std::function<base::Result<void>(std::uint64_t, std::string_view)>& visit);

}  // namespace sightline::journal
