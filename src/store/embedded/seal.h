// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "base/disk.h"
#include "base/loss.h"
#include "base/result.h"
#include "model/live_cut.h"
#include "store/embedded/day.h"
#include "store/embedded/duck.h"
#include "store/embedded/head.h"
#include "store/embedded/row_feed.h"
#include "store/embedded/seal_frames.h"
#include "store/price_store.h"
#include "store/store.h"

namespace sightline::store::embedded {

// What one seal writes.
struct SealInput {
  HeadSnapshot batches;                 // All of one day of arrival, in order of position.
  const BodyCatalog* bodies = nullptr;  // Never null; hashes with the key of the installation.
  const model::LiveCut* cut = nullptr;  // Null when more batches up to its position are to come.
  std::uint64_t position = 0;           // Of the last batch; unchanged when there are none.
  std::uint64_t open_position = 0;
  std::uint64_t next_body_id = 0;
  std::int64_t now_ns = 0;
};

// The number of a point's series in the tables.
std::uint64_t SeriesKey(const BodyCatalog& bodies, const model::MetricPoint& point);

// Writes seals into days: frames, then one transaction in the day's database.
//
// Thread: confined to whoever seals.
class Sealer {
 public:
  // Of the facts of one day: more texts, or more bytes of them, are told as one.
  struct Limits {
    std::size_t texts = 300'000;
    std::size_t text_bytes = std::size_t{24} << 20U;
  };

  Sealer(base::Disk& disk, base::LossTable& losses, const Limits& limits)
      : disk_(disk), losses_(losses), limits_(limits) {}

  // For a new instance of DuckDB; the connection must outlive the sealer's use of it.
  base::Result<void> Connect(Connection& connection);

  // After an error nothing of the input is valid on disk, unless the commit reached it after all:
  // reopening the day tells.
  base::Result<void> Seal(Connection& connection, const SealInput& input, Day& day);

  // Replaces figures of settled runs of the day, in one transaction. `cut_number` is above that of
  // every cut so far. After an error nothing has changed, unless the commit reached the disk.
  base::Result<void> Correct(Connection& connection, const Correction& correction,
                             std::int64_t cut_number, std::int64_t now_ns, Day& day);

  // Forgets the day's open file.
  void Close();

 private:
  base::Result<FrameWriter*> WriterFor(const Day& day);
  base::Result<void> WriteTables(Connection& connection, const SealInput& input,
                                 SealedFrames& frames, const Day& day);
  base::Result<void> WritePoints(Connection& connection, const SealInput& input,
                                 SealedFrames& frames, const Day& day);
  base::Result<void> WriteFacts(Connection& connection, const model::FactTable& table,
                                const Day& day);
  base::Result<std::vector<std::uint32_t>> NumbersOfTexts(Connection& connection,
                                                          const model::FactTable& table,
                                                          const Day& day);
  base::Result<void> WriteRollups(Connection& connection,
                                  const std::vector<model::RollupEntry>& entries, const Day& day);
  base::Result<void> WriteCorrection(Connection& connection, const Correction& correction,
                                     std::int64_t cut_number, std::int64_t now_ns, const Day& day);
  base::Result<void> WriteCut(Connection& connection, const model::LiveCut& cut, const Day& day);
  base::Result<void> Insert(Connection& connection, const Day& day, std::string_view table,
                            std::uint64_t count, const RowFeed::Fill& fill);

  base::Disk& disk_;
  base::LossTable& losses_;
  const Limits limits_;
  RowFeed feed_;
  std::unique_ptr<FrameWriter> writer_;
  std::int32_t writer_day_ = 0;
  // Series whose row is in the day at hand. Bounded: when it is full it is emptied, and rows are
  // written once more.
  std::unordered_set<std::uint64_t> known_series_;
  // Numbers of the texts of facts in the day at hand.
  std::unordered_map<std::string, std::uint32_t> text_numbers_;
  std::size_t text_bytes_ = 0;      // Of these texts.
  std::uint64_t merged_texts_ = 0;  // By the seal at hand, beyond the limits.
};

}  // namespace sightline::store::embedded
