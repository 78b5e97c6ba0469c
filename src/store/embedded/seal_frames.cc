// SPDX-License-Identifier: Apache-2.0
#include "store/embedded/seal_frames.h"

#include <algorithm>
#include <cstddef>
#include <span>
#include <string>
#include <unordered_map>
#include <utility>

#include "model/batch.h"
#include "store/embedded/frame_block.h"
#include "store/embedded/text_grams.h"

namespace sightline::store::embedded {
namespace {

// A frame is closed once it has so many bytes: a read decompresses a whole frame, in 0.2 ms. Those
// of 64 KB take a tenth more on disk.
constexpr std::size_t kFrameBytes = std::size_t{256} << 10U;

// A frame of fewer bytes is read as fast as its grams.
constexpr std::size_t kLeastBytesForGrams = std::size_t{32} << 10U;

// Grams of so many frames are written together: 1 MB, most of a seal.
constexpr std::uint32_t kGramsOfFrame = 256;

// Blocks of one kind of frame, those of a trace together, traces in order of arrival.
std::vector<StoredBlock> BlocksByTrace(const HeadSnapshot& batches, bool are_logs) {
  std::vector<StoredBlock> blocks;
  for (const model::EncodedBatchPtr& batch : batches) {
    for (const model::RowBlock& block : batch->blocks()) {
      if ((block.kind == model::RowKind::kLogs) == are_logs) {
        blocks.push_back(
            {.block = block, .position = batch->position, .received_ns = batch->received_ns()});
      }
    }
  }
  std::unordered_map<model::TraceId, std::size_t, model::TraceIdHasher> order;
  std::vector<std::size_t> keys(blocks.size());
  for (std::size_t i = 0; i < blocks.size(); ++i) {
    keys[i] = order.try_emplace(blocks[i].block.trace_id, order.size()).first->second;
  }
  std::vector<std::size_t> indexes(blocks.size());
  for (std::size_t i = 0; i < indexes.size(); ++i) {
    indexes[i] = i;
  }
  std::stable_sort(indexes.begin(), indexes.end(),
                   [&](std::size_t a, std::size_t b) { return keys[a] < keys[b]; });
  std::vector<StoredBlock> sorted;
  sorted.reserve(blocks.size());
  for (const std::size_t index : indexes) {
    sorted.push_back(blocks[index]);
  }
  return sorted;
}

void AddTimes(const model::RowBlock& block, LogFrame& frame) {
  model::Batch rows;
  if (!model::DecodeBlock(block, rows).has_value()) {
    return;  // Counted by whoever reads it.
  }
  for (const model::LogRecord& log : rows.logs) {
    frame.min_time_ns = std::min(frame.min_time_ns, log.time_ns);
    frame.max_time_ns = std::max(frame.max_time_ns, log.time_ns);
  }
  frame.rows += rows.logs.size();
}

// Puts blocks into frames, and remembers where they are.
class BlockWriter {
 public:
  BlockWriter(FrameWriter& writer, std::vector<TracePlace>& places)
      : writer_(writer), places_(places) {}

  // With `log_frames` set, the times of log records are gathered for each frame.
  base::Result<void> Write(const std::vector<StoredBlock>& blocks,
                           std::vector<LogFrame>* log_frames) {
    for (const StoredBlock& stored : blocks) {
      if (log_frames != nullptr) {
        AddTimes(stored.block, log_frame_);
      }
      Note(stored);
      AppendStoredBlock(bytes_, stored);
      ++entries_;
      if (bytes_.size() >= kFrameBytes) {
        TRY(Flush(log_frames));
      }
    }
    return Flush(log_frames);
  }

 private:
  void Note(const StoredBlock& stored) {
    const model::TraceId& id = stored.block.trace_id;
    if (id.is_zero()) {
      return;
    }
    if (places_.size() > first_place_ && places_.back().trace_id == id) {
      places_.back().position = std::max(places_.back().position, stored.position);
    } else {
      places_.push_back({.trace_id = id, .frame_offset = 0, .position = stored.position});
    }
  }

  base::Result<void> Flush(std::vector<LogFrame>* log_frames) {
    if (entries_ == 0) {
      return {};
    }
    const std::uint64_t offset = TRY(writer_.Append(FrameKind::kRows, entries_, bytes_));
    for (std::size_t i = first_place_; i < places_.size(); ++i) {
      places_[i].frame_offset = offset;
    }
    if (log_frames != nullptr) {
      log_frame_.offset = offset;
      log_frames->push_back(std::exchange(log_frame_, {}));
    }
    first_place_ = places_.size();
    entries_ = 0;
    bytes_.clear();
    return {};
  }

  FrameWriter& writer_;
  std::vector<TracePlace>& places_;
  std::size_t first_place_ = 0;  // Of the frame at hand.
  std::string bytes_;
  std::uint32_t entries_ = 0;
  LogFrame log_frame_;
};

// Puts bodies into frames, and the grams of these into frames of their own.
class BodyFrameWriter {
 public:
  BodyFrameWriter(FrameWriter& writer, SealedFrames& frames) : writer_(writer), frames_(frames) {}

  base::Result<void> Write(const HeadSnapshot& batches) {
    std::vector<const model::Body*> bodies;
    for (const model::EncodedBatchPtr& batch : batches) {
      for (const model::Body& body : batch->bodies()) {
        bodies.push_back(&body);
      }
    }
    std::sort(bodies.begin(), bodies.end(),
              [](const model::Body* a, const model::Body* b) { return a->id < b->id; });
    for (std::size_t i = 0; i < bodies.size();) {
      const std::size_t first = i;
      for (; i < bodies.size() && bytes_.size() < kFrameBytes; ++i) {
        AppendStoredBody(bytes_, *bodies[i]);
      }
      TRY(WriteFrame({bodies.data() + first, i - first}));
    }
    return FlushGrams();
  }

 private:
  base::Result<void> WriteFrame(std::span<const model::Body* const> bodies) {
    const std::uint64_t offset =
        TRY(writer_.Append(FrameKind::kBodies, static_cast<std::uint32_t>(bodies.size()), bytes_));
    frames_.body_frames.push_back(
        {.first_id = bodies.front()->id, .last_id = bodies.back()->id, .offset = offset});
    const bool is_large = bytes_.size() >= kLeastBytesForGrams;
    bytes_.clear();
    if (!is_large) {
      return {};
    }
    for (const model::Body* body : bodies) {
      grams_.Add(body->bytes);
    }
    AppendGramsOffset(gram_bytes_, offset);
    grams_.TakeTo(gram_bytes_);
    ++gram_entries_;
    return gram_entries_ >= kGramsOfFrame ? FlushGrams() : base::Result<void>();
  }

  base::Result<void> FlushGrams() {
    if (gram_entries_ == 0) {
      return {};
    }
    frames_.gram_frames.push_back(
        TRY(writer_.Append(FrameKind::kGrams, gram_entries_, gram_bytes_)));
    gram_entries_ = 0;
    gram_bytes_.clear();
    return {};
  }

  FrameWriter& writer_;
  SealedFrames& frames_;
  std::string bytes_;
  GramBuilder grams_;
  std::string gram_bytes_;
  std::uint32_t gram_entries_ = 0;
};

}  // namespace

base::Result<void> WriteFrames(const HeadSnapshot& batches, FrameWriter& writer,
                               SealedFrames& frames) {
  for (const model::EncodedBatchPtr& batch : batches) {
    for (const model::RowBlock& block : batch->blocks()) {
      frames.spans += block.kind == model::RowKind::kSpans ? block.rows : 0U;
      frames.logs += block.kind == model::RowKind::kLogs ? block.rows : 0U;
    }
  }
  BlockWriter blocks(writer, frames.places);
  TRY(blocks.Write(BlocksByTrace(batches, false), nullptr));
  TRY(blocks.Write(BlocksByTrace(batches, true), &frames.log_frames));
  TRY(BodyFrameWriter(writer, frames).Write(batches));
  frames.length = writer.length();
  return batches.empty() ? base::Result<void>() : writer.Sync();
}

}  // namespace sightline::store::embedded
