// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <limits>
#include <vector>

#include "base/result.h"
#include "store/embedded/day.h"
#include "store/embedded/frame_file.h"
#include "store/embedded/head.h"
#include "store/embedded/trace_map.h"

namespace sightline::store::embedded {

// A frame of bodies, by their ids.
struct BodyFrame {
  std::uint64_t first_id = 0;
  std::uint64_t last_id = 0;
  std::uint64_t offset = 0;
};

// A frame of log records, by their times.
struct LogFrame {
  std::uint64_t offset = 0;
  std::int64_t min_time_ns = std::numeric_limits<std::int64_t>::max();
  std::int64_t max_time_ns = std::numeric_limits<std::int64_t>::min();
  std::uint64_t rows = 0;
};

// What a seal has put into frames, for the tables and indexes of the day.
//
// Thread: value.
struct SealedFrames {
  std::uint64_t length = 0;  // Of the file.
  std::vector<TracePlace> places;
  std::vector<BodyFrame> body_frames;
  std::vector<std::uint64_t> gram_frames;  // Their offsets.
  std::vector<LogFrame> log_frames;
  TimeRange point_times;
  std::uint64_t spans = 0;
  std::uint64_t logs = 0;
};

// Puts the rows and bodies of batches into frames: blocks by trace, in order of arrival, log
// records after all others, then bodies in order of id, then their grams. Syncs the file when there
// is anything in it.
base::Result<void> WriteFrames(const HeadSnapshot& batches, FrameWriter& writer,
                               SealedFrames& frames);

}  // namespace sightline::store::embedded
