// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <limits>
#include <memory>
#include <string>
#include <string_view>

#include "base/disk.h"
#include "base/result.h"

struct ZSTD_CCtx_s;

namespace sightline::store::embedded {

// The details of one day: an append-only file of frames, each up to some 256 KB of encoded rows or
// bodies, compressed together.
//
// Layout. The file begins with a header of 32 bytes: magic, format version, a random id of the
// file, checksum of these. A frame is a header of 40 bytes (magic, kind, stored bytes, raw bytes,
// number of entries, its own offset, two checksums) and the compressed bytes. The first checksum is
// XXH3 of the file's id and the header's fields, so that no length is believed that was not
// written; the second is XXH3 of the same and of the stored bytes. A frame that was moved, cut or
// put into another file does not check, and bytes of a sender cannot pass for a frame, because the
// id is secret. Every byte up to the end of the last frame is covered. Numbers are little-endian.
//
// The file knows no transaction: whoever owns it remembers the length up to which it is valid
// (a checkpoint), and opening cuts off what is after it.

// A frame is about 256 KB; one huge row or body may make it larger. Senders' requests are at most
// this long.
inline constexpr std::size_t kMaxFrameBytes = std::size_t{64} << 20U;

// Level 1 costs about half of level 3 for some percent more bytes; see bench/frame_benchmark.cc.
inline constexpr int kFrameLevel = 1;

using FrameFileId = std::array<char, 16>;

// Stored on disk: append only.
enum class FrameKind : std::uint8_t {
  kRows = 1,    // Blocks of rows; see frame_block.h.
  kBodies = 2,  // Bodies; see frame_block.h.
  kGrams = 3,   // Grams of frames of bodies; see frame_block.h.
};

// A frame, decompressed.
//
// Thread: value.
struct Frame {
  FrameKind kind = FrameKind::kRows;
  std::uint32_t entries = 0;  // Blocks, bodies or sets of grams.
  std::uint64_t offset = 0;
  std::uint64_t next_offset = 0;  // Where the frame after it begins, or the end.
  std::string bytes;
};

// Appends frames. Nothing is durable before Sync has returned.
//
// Thread: confined.
class FrameWriter {
 public:
  // Opens or creates the file, and cuts it at `valid_length` (0: it is written from the start,
  // with another id). `disk` must outlive the writer. `level` is zstd's.
  // Errors: kDataLoss when the file is missing, shorter than that or its header does not check; it
  // is not touched then.
  static base::Result<std::unique_ptr<FrameWriter>> Open(base::Disk& disk,
                                                         const std::filesystem::path& path,
                                                         std::uint64_t valid_length,
                                                         int level = kFrameLevel);
  ~FrameWriter();
  FrameWriter(const FrameWriter&) = delete;
  FrameWriter& operator=(const FrameWriter&) = delete;

  // Compresses and writes one frame; its offset. After an error the file is as it was before, or
  // longer by bytes that the next Append overwrites.
  // Errors: kResourceExhausted when there are more than kMaxFrameBytes; kFailedPrecondition after a
  // failed Sync.
  base::Result<std::uint64_t> Append(FrameKind kind, std::uint32_t entries, std::string_view bytes);

  // After an error the disk may have lost any frame since the last success, and a further Sync
  // would not tell: Append and Sync then fail until Truncate has taken back these frames.
  base::Result<void> Sync();

  // Forgets what was appended after this length, which is the offset of a frame or length().
  // Errors: kInvalidArgument for a length that is neither within the file nor after its header.
  base::Result<void> Truncate(std::uint64_t length);

  // End of the last frame.
  std::uint64_t length() const { return length_; }

 private:
  struct FreeContext {
    void operator()(ZSTD_CCtx_s* context) const;
  };

  FrameWriter(base::Disk& disk, std::filesystem::path path, int level);

  base::Result<void> Create();
  base::Result<void> Reopen(std::uint64_t valid_length);
  base::Error RefusedAfterSync() const;

  base::Disk& disk_;
  const std::filesystem::path path_;
  const int level_;
  const std::unique_ptr<ZSTD_CCtx_s, FreeContext> context_;
  std::unique_ptr<base::DiskFile> file_;
  FrameFileId id_{};
  std::uint64_t length_ = 0;
  std::uint64_t synced_length_ = 0;
  bool is_entry_durable_ = false;  // The file's name in its directory.
  bool has_sync_failed_ = false;
  std::string compressed_;  // Kept for its memory.
};

// Reads frames. Sees what was written when it was, also by a writer of this process.
//
// Thread: any.
class FrameReader {
 public:
  static constexpr std::uint64_t kToEndOfFile = std::numeric_limits<std::uint64_t>::max();

  // Errors: kDataLoss when the file's header does not check, kNotFound when there is no file.
  static base::Result<std::shared_ptr<FrameReader>> Open(base::Disk& disk,
                                                         const std::filesystem::path& path);
  ~FrameReader();
  FrameReader(const FrameReader&) = delete;
  FrameReader& operator=(const FrameReader&) = delete;

  // One pread of a guess of the size, a second one when the frame is larger.
  // Errors: kDataLoss when the frame does not check, kNotFound past the end.
  base::Result<Frame> Read(std::uint64_t offset) const;

  // Every frame from `offset` (0: the first) to `end`, until `visit` returns false. A frame that
  // does not check, or that the disk cannot read, is told to `on_damage` with a sentence, and the
  // scan goes on at the next offset at which a frame's header checks. So is a file that is shorter
  // than `end`, unless that is kToEndOfFile. Holds one frame at a time.
  // Errors: only that the file cannot be asked for its size.
  base::Result<void> Scan(std::uint64_t offset, std::uint64_t end,
                          const std::function<bool(const Frame&)>& visit,
                          const std::function<void(const std::string&)>& on_damage) const;

 private:
  FrameReader(std::filesystem::path path, std::unique_ptr<base::DiskFile> file, FrameFileId id);

  base::Result<Frame> ReadWithin(std::uint64_t offset, std::uint64_t end) const;
  std::uint64_t FindHeader(std::uint64_t from, std::uint64_t end) const;

  const std::filesystem::path path_;
  const std::unique_ptr<base::DiskFile> file_;
  const FrameFileId id_;
};

}  // namespace sightline::store::embedded
