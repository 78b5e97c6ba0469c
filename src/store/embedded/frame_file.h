// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/file.h"
#include "base/result.h"

namespace sightline::store::embedded {

// The details of one day: an append-only file of frames, each up to some 64 KB of encoded rows or
// bodies, compressed together.
//
// Layout. The file begins with a header of 32 bytes: magic, format version, a random id of the
// file, checksum of these. A frame is a header of 40 bytes (magic, kind, stored bytes, raw bytes,
// number of entries, its own offset, checksum) and the compressed bytes. The checksum is XXH3 of
// the file's id, the header's other fields and the stored bytes, so a frame that was moved, cut or
// put into another file does not check. Every byte up to the end of the last frame is covered.
//
// The file knows no transaction: whoever owns it remembers the length up to which it is valid
// (a checkpoint), and opening cuts off what is after it.

// Stored on disk: append only.
enum class FrameKind : std::uint8_t {
  kRows = 1,    // Blocks of rows; see row_block.h.
  kBodies = 2,  // Bodies; see body_frame.h.
};

// A frame, decompressed.
//
// Thread: value.
struct Frame {
  FrameKind kind = FrameKind::kRows;
  std::uint32_t entries = 0;      // Blocks or bodies.
  std::uint64_t offset = 0;
  std::uint64_t next_offset = 0;  // Where the frame after it begins, or the end.
  std::string bytes;
};

// Appends frames. Nothing is durable before Sync has returned.
//
// Thread: confined.
class FrameWriter {
 public:
  // Opens or creates the file, and cuts it at `valid_length` (0: it is written from the start).
  // Errors: kDataLoss when the file is shorter than that or its header does not check.
  static base::Result<std::unique_ptr<FrameWriter>> Open(const std::filesystem::path& path,
                                                         std::uint64_t valid_length);
  ~FrameWriter();

  // Compresses and writes one frame; its offset. After an error the file is as it was before, or
  // longer by bytes that the next Append overwrites.
  // Precondition: bytes.size() <= kMaxFrameBytes.
  base::Result<std::uint64_t> Append(FrameKind kind, std::uint32_t entries, std::string_view bytes);

  base::Result<void> Sync();

  // Forgets what was appended after this length.
  base::Result<void> Truncate(std::uint64_t length);

  // End of the last frame.
  std::uint64_t length() const;
};

// Reads frames. Sees what was written when it was, also by a writer of this process.
//
// Thread: any.
class FrameReader {
 public:
  static base::Result<std::shared_ptr<FrameReader>> Open(const std::filesystem::path& path);
  ~FrameReader();

  // One pread of a guess of the size, a second one when the frame is larger.
  // Errors: kDataLoss when the frame does not check, kNotFound past the end.
  base::Result<Frame> Read(std::uint64_t offset) const;

  // Every frame from `offset` (0: the first) to `end`, until `visit` returns false. A frame that
  // does not check is told to `on_damage` with a sentence, and the scan goes on at the next offset
  // at which a frame checks.
  base::Result<void> Scan(std::uint64_t offset, std::uint64_t end,
                          const std::function<bool(const Frame&)>& visit,
                          const std::function<void(const std::string&)>& on_damage) const;
};

}  // namespace sightline::store::embedded
