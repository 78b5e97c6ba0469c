// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "model/batch.h"
#include "model/ids.h"

namespace sightline::model {

// Stored on disk: append only.
enum class RowKind : std::uint8_t { kSpans = 1, kPending = 2, kLogs = 3 };

// Rows of one kind and one trace, encoded (model/row_codec.h). It stands alone, so that it can be
// copied from the journal's record into a frame as it is.
//
// Thread: value; `bytes` is a view into what it was read from.
struct RowBlock {
  TraceId trace_id;  // Zero for logs that belong to no trace.
  RowKind kind = RowKind::kSpans;
  std::uint32_t rows = 0;
  std::string_view bytes;
};

// Appends the rows of a block to the spans, pending spans or logs of `into`; texts are views into
// the block's bytes. Errors: kDataLoss when it is malformed; `into` may then hold some of the rows.
base::Result<void> DecodeBlock(const RowBlock& block, Batch& into);

// The journal's form of a Batch, and what the head of the store holds.
//
// Layout: format version (1 byte), arrival time and day as signed varints, then
// - number of blocks; for each: trace id (16 bytes), kind (1 byte), number of rows and number of
//   bytes (4 bytes each, little endian), bytes;
// - number of metric points, number of their bytes, bytes: one run of rows;
// - number of bodies; for each: id, hash (two varints), owner (16 bytes), text;
// - number of uses; for each: id, trace id (16 bytes).
// Blocks are in order of the first row of their trace; spans before pending spans before logs.
//
// Thread: any (immutable once its position is set).
class EncodedBatch {
 public:
  static std::shared_ptr<EncodedBatch> Encode(const Batch& batch);

  // Reads the directory of a record; rows are not looked at.
  // Errors: kDataLoss when the record is malformed or of another format version.
  static base::Result<std::shared_ptr<EncodedBatch>> Parse(std::string record);

  EncodedBatch(const EncodedBatch&) = delete;
  EncodedBatch& operator=(const EncodedBatch&) = delete;

  std::uint64_t position = 0;  // In the journal; set when it is durable.

  std::string_view record() const { return record_; }

  std::int64_t received_ns() const { return received_ns_; }

  std::int32_t day() const { return day_; }

  const std::vector<RowBlock>& blocks() const { return blocks_; }

  const std::vector<Body>& bodies() const { return bodies_; }

  const std::vector<BodyUse>& uses() const { return uses_; }

  std::uint64_t point_count() const { return point_count_; }

  // Spans, pending spans, logs and points.
  std::uint64_t row_count() const;

  // Appends the metric points to `into.points`. Errors: kDataLoss.
  base::Result<void> DecodePoints(Batch& into) const;

  // All of it as rows. The batch's texts are views into `encoded`, which it holds.
  // Errors: kDataLoss when a row is malformed.
  static base::Result<std::shared_ptr<Batch>> Decode(
      const std::shared_ptr<const EncodedBatch>& encoded);

 private:
  EncodedBatch() = default;

  base::Result<void> ReadDirectory();

  std::string record_;
  std::int64_t received_ns_ = 0;
  std::int32_t day_ = 0;
  std::vector<RowBlock> blocks_;
  std::uint64_t point_count_ = 0;
  std::string_view points_;
  std::vector<Body> bodies_;
  std::vector<BodyUse> uses_;
};

using EncodedBatchPtr = std::shared_ptr<const EncodedBatch>;

}  // namespace sightline::model
