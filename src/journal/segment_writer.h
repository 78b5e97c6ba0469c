// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/disk.h"
#include "base/result.h"
#include "journal/segment.h"

namespace sightline::journal {

// The segment that is written to, or none. It knows the file and its format; the journal knows
// positions, groups and who waits for them.
//
// Errors of all calls: those of base::Disk, and kUnavailable when the disk has too little room.
// After an error of WriteGroup or Mark the owner must Abandon the segment.
//
// Thread: confined.
class SegmentWriter {
 public:
  struct Options {
    std::filesystem::path directory;
    std::uint64_t segment_bytes = 0;
    std::uint64_t disk_reserve_bytes = 0;  // Left free by a new segment.
  };

  struct Record {
    std::string_view payload;
    std::uint64_t check = 0;  // CheckPayload(payload).
  };

  SegmentWriter(base::Disk& disk, Options options) : disk_(disk), options_(std::move(options)) {}

  bool is_open() const { return file_ != nullptr; }

  bool HasRoomFor(std::uint64_t bytes) const {
    return is_open() && offset_ + bytes + kRecordHeaderBytes <= size_;
  }

  // Says whether a segment could be started, as far as that can be told without writing.
  base::Result<void> CheckRoom(std::uint64_t needed_bytes = 0) const;

  // Creates a segment with room for `needed_bytes` at least, durably; a file of the same name,
  // which cannot hold a record that was acknowledged, is replaced. Nothing is left of it after an
  // error. Precondition: !is_open().
  base::Result<SegmentFile> Start(std::uint64_t first_position, std::uint64_t needed_bytes);

  // Makes the records durable, in place: when it returns, a reader that opens the directory finds
  // them. Precondition: HasRoomFor(GroupBytes(records)).
  base::Result<void> WriteGroup(std::uint64_t first_position, std::span<const Record> records);

  static std::uint64_t GroupBytes(std::span<const Record> records);

  // Fails when the path of the segment does not lead to it any more: it was deleted or moved, and
  // what is written to it would not be found again.
  base::Result<void> CheckPlace() const;

  // Notes in the file, without syncing, that all records up to here were acknowledged, so that
  // damage to the last of them cannot pass for an unfinished write. Does nothing if that is said.
  base::Result<void> Mark(std::uint64_t next_position);

  // Marks, gives preallocated space back and closes. The records are safe also after an error.
  base::Result<void> Finish(std::uint64_t next_position);

  // After a failed write or sync nothing is known about what reached the disk after the last group:
  // tries to cut it off, and closes. The first position of the next segment tells readers in any
  // case where this one ends.
  void Abandon();

 private:
  base::Result<std::unique_ptr<base::DiskFile>> Create(const std::filesystem::path& path,
                                                       std::uint64_t first_position,
                                                       std::uint64_t size);

  base::Disk& disk_;
  const Options options_;
  std::unique_ptr<base::DiskFile> file_;
  SegmentFile segment_;
  base::FileIdentity identity_;
  std::uint64_t size_ = 0;    // Preallocated.
  std::uint64_t offset_ = 0;  // Where the next record goes.
  bool is_marked_ = true;     // Nothing was written since the last mark.
  std::string headers_;
  std::vector<std::string_view> pieces_;
};

}  // namespace sightline::journal
