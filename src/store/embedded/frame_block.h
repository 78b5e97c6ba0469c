// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "model/batch.h"
#include "model/encoded_batch.h"

namespace sightline::store::embedded {

// What is inside frames (frame_file.h).
//
// A frame of rows is a sequence of blocks: trace id (16 bytes), kind (1), number of rows (4), bytes
// (4), journal position (8), time of arrival (8), all little endian, and the block's bytes, just as
// they were in the journal. Blocks of one trace and kind lie together, in order of position.
//
// A frame of bodies is a sequence of bodies in order of id: id (8), owner (16), bytes (4), text.
//
// A frame of grams is a sequence of: offset of a frame of bodies (8), grams of its bodies
// (kGramBytes, text_grams.h).

// A block of rows and the batch it came with.
//
// Thread: value; a view.
struct StoredBlock {
  model::RowBlock block;
  std::uint64_t position = 0;
  std::int64_t received_ns = 0;
};

void AppendStoredBlock(std::string& frame, const StoredBlock& stored);

// Calls `visit` for each block until it returns false. Errors: kDataLoss when the frame is
// malformed.
base::Result<void> ForEachBlock(std::string_view frame,
                                const std::function<bool(const StoredBlock&)>& visit);

void AppendStoredBody(std::string& frame, const model::Body& body);

// Calls `visit` for each body (without its hash) until it returns false. Errors: kDataLoss.
base::Result<void> ForEachBody(std::string_view frame,
                               const std::function<bool(const model::Body&)>& visit);

// The grams of one frame of bodies, and where that is.
//
// Thread: value; a view.
struct StoredGrams {
  std::uint64_t body_frame_offset = 0;
  std::string_view bitmap;  // kGramBytes.
};

// Appends the offset; the bitmap must be appended next.
void AppendGramsOffset(std::string& frame, std::uint64_t body_frame_offset);

// Calls `visit` for the grams of each frame of bodies. Errors: kDataLoss.
base::Result<void> ForEachGrams(std::string_view frame,
                                const std::function<void(const StoredGrams&)>& visit);

}  // namespace sightline::store::embedded
