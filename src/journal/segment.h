// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/disk.h"
#include "base/result.h"

namespace sightline::journal {

// A segment is one file of the journal, named by the position of its first record. All numbers are
// little endian, all checks XXH3-64.
//
//   file header    magic "SLJRNL02" (8), first position (8), check of these 16 bytes (8)
//   record         record header (40), payload
//   record header  magic "SLRC" (4), payload length (4), position (8), position of the first record
//                  of the same group (8), check of the payload (8), check of these 32 bytes and of
//                  the place: the segment's first position (8) and the header's offset (8)
//   mark           a record header of length 0: what comes before it was synced. Its position and
//                  group are the position of the next record
//
// Positions count up by one. A record that was copied, moved or cut fails its check, and the magic
// lets a reader find the next record after damage. A group is what one write and one sync made
// durable: a record of a later group proves that all of the earlier ones were acknowledged.
//
// The file is preallocated, so everything after the last record is zero until it is trimmed. The
// file header is synced before the first record is written.

inline constexpr std::size_t kSegmentHeaderBytes = 24;
inline constexpr std::size_t kRecordHeaderBytes = 40;
inline constexpr std::string_view kRecordMagic = "SLRC";

std::string EncodeSegmentHeader(std::uint64_t first_position);

// Why a file that begins with `bytes` is not ours to read: an intact header of another version.
// Damage to a header is not another version.
std::optional<std::string> FindForeignVersion(std::string_view bytes);

struct RecordHeader {
  std::uint32_t length = 0;  // Of the payload; 0: a mark.
  std::uint64_t position = 0;
  std::uint64_t group = 0;  // Position of the first record written together with this one.
  std::uint64_t payload_check = 0;
};

// Where a record header is.
struct RecordPlace {
  std::uint64_t first_position = 0;  // Of the segment.
  std::uint64_t offset = 0;          // In the file.
};

std::uint64_t CheckPayload(std::string_view payload);

// Appends kRecordHeaderBytes to `out`.
void AppendRecordHeader(std::string& out, const RecordPlace& place, const RecordHeader& header);

// The header at the beginning of `bytes`, if it is intact and belongs to `place`.
std::optional<RecordHeader> ReadRecordHeader(std::string_view bytes, const RecordPlace& place);

struct SegmentFile {
  std::uint64_t first_position = 0;
  std::filesystem::path path;
  bool is_damaged = false;  // Kept aside instead of deleted.
};

// The segments in `directory`, by first position.
base::Result<std::vector<SegmentFile>> ListSegments(base::Disk& disk,
                                                    const std::filesystem::path& directory);

std::filesystem::path SegmentPath(const std::filesystem::path& directory,
                                  std::uint64_t first_position);

}  // namespace sightline::journal
