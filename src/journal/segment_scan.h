// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <limits>
#include <string_view>
#include <vector>

#include "base/disk.h"
#include "base/result.h"
#include "journal/segment.h"

namespace sightline::journal {

// For the segment that was written last: nothing says where it ends.
inline constexpr std::uint64_t kNoEnd = std::numeric_limits<std::uint64_t>::max();

// Bytes between two good records, or before the first, that fail their checks.
struct Damage {
  std::uint64_t offset = 0;
  std::uint64_t bytes = 0;
  // The records that were there: none when only a mark was hit.
  std::uint64_t first_position = 0;
  std::uint64_t end_position = 0;  // One past the last.
};

// What reading a segment found.
struct SegmentScan {
  std::uint64_t next_position = 0;  // One past the last record.
  std::uint64_t records = 0;        // Good records.
  std::vector<Damage> damages;
  bool has_header = true;        // False: the file header is damaged.
  std::uint64_t tail_bytes = 0;  // After the last record, without the zeros at the end.
  std::uint64_t used_bytes = 0;  // Everything after them is zero.
  std::uint64_t file_bytes = 0;
  std::uint64_t unreadable_bytes = 0;  // The disk gave errors for them.
};

using RecordVisitor = std::function<base::Result<void>(std::uint64_t, std::string_view)>;

// Calls `visit(position, payload)` for each good record below `end_position`, in order.
//
// Damage is passed over up to the next header that checks. What fails its check at the end, with no
// good record after it, is an unfinished write (a tail). So is what a power loss can leave of the
// group written last: a hole of never written sectors, after which nothing of a later group comes.
// That group was never acknowledged and is left out from the hole on, so that its positions can be
// given again.
//
// Errors: kFailedPrecondition when another version wrote the segment, what `visit` returns, and
// kInternal when nothing of the file can be read.
base::Result<SegmentScan> ScanSegment(base::Disk& disk, const SegmentFile& segment,
                                      std::uint64_t end_position, const RecordVisitor& visit);

}  // namespace sightline::journal
