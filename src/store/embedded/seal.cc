// SPDX-License-Identifier: Apache-2.0
// A seal, in this order: blocks of rows are put together by trace, in order of arrival, and cut
// into frames; bodies follow, in order of id; the frame file is synced; the tables are written and
// committed with the new length of the frame file. Only then do the day's indexes learn of it.
#include "store/embedded/seal.h"

#include <algorithm>
#include <cstddef>
#include <limits>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "base/log.h"
#include "model/batch.h"
#include "store/embedded/frame_block.h"
#include "store/embedded/rows.h"
#include "store/embedded/run_row.h"
#include "store/embedded/schema.h"

namespace sightline::store::embedded {
namespace {

// A frame is closed once it has so many bytes: a read decompresses a whole frame, in 0.2 ms. Those
// of 64 KB take a tenth more on disk.
constexpr std::size_t kFrameBytes = std::size_t{256} << 10U;

constexpr std::size_t kMaxKnownSeries = 200'000;

constexpr std::string_view kTooManyTexts = "(more names than are kept apart)";

struct BodyFrame {
  std::uint64_t first_id = 0;
  std::uint64_t last_id = 0;
  std::uint64_t offset = 0;
};

struct LogFrame {
  std::uint64_t offset = 0;
  std::int64_t min_time_ns = std::numeric_limits<std::int64_t>::max();
  std::int64_t max_time_ns = std::numeric_limits<std::int64_t>::min();
  std::uint64_t rows = 0;
};

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

}  // namespace

struct Sealer::Frames {
  std::uint64_t length = 0;
  std::vector<TracePlace> places;
  std::vector<BodyFrame> body_frames;
  std::vector<LogFrame> log_frames;
  TimeRange point_times;
  std::uint64_t spans = 0;
  std::uint64_t logs = 0;
};

namespace {

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

base::Result<void> WriteBodies(const HeadSnapshot& batches, FrameWriter& writer,
                               std::vector<BodyFrame>& frames) {
  std::vector<const model::Body*> bodies;
  for (const model::EncodedBatchPtr& batch : batches) {
    for (const model::Body& body : batch->bodies()) {
      bodies.push_back(&body);
    }
  }
  std::sort(bodies.begin(), bodies.end(),
            [](const model::Body* a, const model::Body* b) { return a->id < b->id; });
  std::string bytes;
  for (std::size_t i = 0; i < bodies.size();) {
    const std::size_t first = i;
    for (; i < bodies.size() && bytes.size() < kFrameBytes; ++i) {
      AppendStoredBody(bytes, *bodies[i]);
    }
    const std::uint64_t offset =
        TRY(writer.Append(FrameKind::kBodies, static_cast<std::uint32_t>(i - first), bytes));
    frames.push_back(
        {.first_id = bodies[first]->id, .last_id = bodies[i - 1]->id, .offset = offset});
    bytes.clear();
  }
  return {};
}

std::int64_t Signed(std::uint64_t value) {
  return static_cast<std::int64_t>(value);
}

}  // namespace

std::uint64_t SeriesKey(const BodyCatalog& bodies, const model::MetricPoint& point) {
  std::string identity;
  model::AppendSeriesIdentity(identity, point);
  return bodies.HashOf(identity).low;
}

base::Result<void> Sealer::Connect(Connection& connection) {
  return feed_.Register(connection);
}

void Sealer::Close() {
  writer_ = nullptr;
  known_series_.clear();
  text_numbers_.clear();
  text_bytes_ = 0;
}

base::Result<FrameWriter*> Sealer::WriterFor(const Day& day) {
  if (writer_ == nullptr || writer_day_ != day.number()) {
    Close();
    writer_ = TRY(FrameWriter::Open(disk_, FramesPath(day.path()), day.checkpoint().frames_length));
    writer_day_ = day.number();
  }
  return writer_.get();
}

base::Result<void> Sealer::WriteFrames(const SealInput& input, FrameWriter& writer,
                                       Frames& frames) {
  for (const model::EncodedBatchPtr& batch : input.batches) {
    for (const model::RowBlock& block : batch->blocks()) {
      frames.spans += block.kind == model::RowKind::kSpans ? block.rows : 0U;
      frames.logs += block.kind == model::RowKind::kLogs ? block.rows : 0U;
    }
  }
  BlockWriter blocks(writer, frames.places);
  TRY(blocks.Write(BlocksByTrace(input.batches, false), nullptr));
  TRY(blocks.Write(BlocksByTrace(input.batches, true), &frames.log_frames));
  TRY(WriteBodies(input.batches, writer, frames.body_frames));
  frames.length = writer.length();
  return input.batches.empty() ? base::Result<void>() : writer.Sync();
}

base::Result<void> Sealer::Insert(Connection& connection, const Day& day, std::string_view table,
                                  std::uint64_t count, const RowFeed::Fill& fill) {
  return feed_.Insert(connection, fmt::format("{}.{}", day.database(), table), TypesOfTable(table),
                      count, fill);
}

base::Result<void> Sealer::WritePoints(Connection& connection, const SealInput& input,
                                       Frames& frames, const Day& day) {
  model::Batch rows;
  for (const model::EncodedBatchPtr& batch : input.batches) {
    TRY(batch->DecodePoints(rows));
  }
  std::vector<std::uint64_t> series(rows.points.size());
  std::vector<std::size_t> fresh;
  for (std::size_t i = 0; i < series.size(); ++i) {
    series[i] = SeriesKey(*input.bodies, rows.points[i]);
    frames.point_times.Add(rows.points[i].time_ns);
    if (known_series_.size() >= kMaxKnownSeries) {
      known_series_.clear();
    }
    if (known_series_.insert(series[i]).second) {
      fresh.push_back(i);
    }
  }
  TRY(Insert(connection, day, "series", fresh.size(), [&](std::uint64_t i, const RowSlot& slot) {
    const model::MetricPoint& point = rows.points[fresh[i]];
    slot.Set(0, series[fresh[i]]);
    slot.SetText(1, point.name);
    slot.SetText(2, point.unit);
    slot.Set(3, static_cast<std::uint8_t>(point.type));
    slot.Set(4, point.temporality);
    slot.Set(5, point.is_monotonic);
    slot.SetText(6, point.service);
    slot.SetText(7, point.service_instance);
    slot.SetText(8, point.scope);
    slot.SetText(9, point.attributes);
    slot.SetText(10, point.resource_attributes);
  }));
  return Insert(connection, day, "points", series.size(),
                [&](std::uint64_t i, const RowSlot& slot) {
                  const model::MetricPoint& point = rows.points[i];
                  slot.Set(0, series[i]);
                  slot.Set(1, point.time_ns);
                  slot.Set(2, point.start_ns);
                  slot.Set(3, point.value);
                  slot.Set(4, point.count);
                  slot.SetText(5, point.buckets);
                });
}

base::Result<void> Sealer::WriteCut(Connection& connection, const model::LiveCut& cut,
                                    const Day& day) {
  std::vector<RunSets> sets(cut.settled.size());
  TRY(Insert(connection, day, "runs", cut.settled.size(),
             [&](std::uint64_t i, const RowSlot& slot) {
               const RunRow row = RowOf(cut.settled[i], sets[i]);
               model::ForEachColumn<RunRow>([&](std::size_t index, const auto& column) {
                 using Field = FieldType<const RunRow, decltype(column)>;
                 if constexpr (std::is_same_v<Field, std::string_view>) {
                   slot.SetText(index, column.get(row));
                 } else {
                   WriteField(slot.data(index), slot.row(), column.get(row));
                 }
               });
             }));
  std::vector<std::string> sketches(2 * cut.rollups.size());
  TRY(Insert(connection, day, "rollups", cut.rollups.size(),
             [&](std::uint64_t i, const RowSlot& slot) {
               const model::RollupEntry& entry = cut.rollups[i];
               entry.step_latency.AppendTo(sketches[2 * i]);
               entry.run_latency.AppendTo(sketches[2 * i + 1]);
               slot.Set(0, entry.minute);
               slot.SetText(1, entry.key.workflow);
               slot.SetText(2, entry.key.agent);
               slot.SetText(3, entry.key.model);
               slot.SetText(4, entry.key.service);
               std::uint64_t column = 5;
               for (const model::RollupCountColumn& count : model::kRollupCountColumns) {
                 slot.Set(column++, entry.counts.*count.field);
               }
               slot.SetBytes(column, sketches[2 * i]);
               slot.SetBytes(column + 1, sketches[2 * i + 1]);
             }));
  TRY(Insert(connection, day, "workflows", cut.workflows.size(),
             [&](std::uint64_t i, const RowSlot& slot) {
               const model::WorkflowDelta& delta = cut.workflows[i];
               slot.SetText(0, delta.workflow_id);
               slot.Set(1, delta.completed);
               slot.Set(2, delta.failed);
               slot.Set(3, delta.cancelled);
               slot.Set(4, delta.abandoned);
               slot.Set(5, delta.completed_seconds);
               slot.Set(6, delta.last_received_ns);
             }));
  return Insert(connection, day, "agents", cut.agents.size(),
                [&](std::uint64_t i, const RowSlot& slot) {
                  slot.SetText(0, cut.agents[i].name);
                  slot.Set(1, cut.agents[i].last_received_ns);
                });
}

base::Result<std::vector<std::uint32_t>> Sealer::NumbersOfTexts(Connection& connection,
                                                                const model::FactTable& table,
                                                                const Day& day) {
  if (text_numbers_.empty()) {
    QueryResult result =
        TRY(connection.Query(fmt::format("SELECT text, id FROM {}.texts", day.database())));
    while (const auto chunk = result.Next()) {
      for (std::uint64_t row = 0; row < chunk->size(); ++row) {
        text_numbers_.emplace(chunk->text(0, row), chunk->at<std::uint32_t>(1, row));
        text_bytes_ += chunk->text(0, row).size();
      }
    }
  }
  std::vector<std::uint32_t> numbers(table.text_count() + 1);
  std::vector<std::pair<std::uint32_t, std::string_view>> fresh;
  for (std::uint32_t i = 1; i < numbers.size(); ++i) {
    std::string_view text = table.TextOf(i);
    const bool is_full =
        text_numbers_.size() >= limits_.texts || text_bytes_ + text.size() > limits_.text_bytes;
    if (is_full && !text_numbers_.contains(std::string(text))) {
      text = kTooManyTexts;
      ++merged_texts_;
    }
    const auto next = static_cast<std::uint32_t>(text_numbers_.size() + 1);
    const auto [known, is_new] = text_numbers_.try_emplace(std::string(text), next);
    numbers[i] = known->second;
    if (is_new) {
      fresh.emplace_back(next, known->first);
      text_bytes_ += text.size();
    }
  }
  TRY(Insert(connection, day, "texts", fresh.size(), [&](std::uint64_t i, const RowSlot& slot) {
    slot.Set(0, fresh[i].first);
    slot.SetText(1, fresh[i].second);
  }));
  return numbers;
}

base::Result<void> Sealer::WriteFacts(Connection& connection, const model::FactTable& table,
                                      const Day& day) {
  const std::vector<std::uint32_t> numbers = TRY(NumbersOfTexts(connection, table, day));
  return Insert(
      connection, day, "facts", table.facts.size(), [&](std::uint64_t i, const RowSlot& slot) {
        const model::Fact& fact = table.facts[i];
        std::uint64_t column = 0;
        for (const std::int64_t value :
             {fact.start_ns, fact.duration_ns, fact.input_tokens, fact.cache_read_tokens,
              fact.cache_write_tokens, fact.output_tokens, fact.reasoning_tokens,
              fact.cost_picodollars}) {
          // The first two are as they are, with sign -1, too.
          slot.Set(column, column < 2 ? value : value * fact.sign);
          ++column;
        }
        for (const std::uint32_t text : {fact.workflow, fact.agent, fact.name, fact.model,
                                         fact.service, fact.error_type, fact.session, fact.user}) {
          slot.Set(column++, numbers[text]);
        }
        slot.Set(column++, model::Sketch::BucketOf(fact.duration_ns));
        slot.Set(column++, fact.kind);
        slot.Set(column++, fact.status);
        for (const std::int64_t calls : {fact.model_calls, fact.unpriced_calls}) {
          slot.Set(column++, calls * fact.sign);
        }
        for (const bool is_set : {true, fact.has_failed}) {
          slot.Set(column++, static_cast<std::int8_t>(is_set ? fact.sign : 0));
        }
      });
}

base::Result<void> Sealer::WriteTables(Connection& connection, const SealInput& input,
                                       Frames& frames, const Day& day) {
  std::vector<model::BodyUse> uses;
  std::uint64_t points = 0;
  for (const model::EncodedBatchPtr& batch : input.batches) {
    uses.insert(uses.end(), batch->uses().begin(), batch->uses().end());
    points += batch->point_count();
  }
  TRY(Insert(connection, day, "checkpoints", 1, [&](std::uint64_t, const RowSlot& slot) {
    slot.Set(0, Signed(input.position));
    slot.Set(1, input.now_ns);
    slot.Set(2, Signed(frames.length));
    slot.Set(3, Signed(input.open_position));
    slot.Set(4, Signed(input.next_body_id));
    slot.Set(5, Signed(frames.spans));
    slot.Set(6, Signed(frames.logs));
    slot.Set(7, Signed(points));
    slot.Set(8, input.cut == nullptr ? std::int64_t{0} : input.cut->number);
  }));
  TRY(Insert(connection, day, "body_frames", frames.body_frames.size(),
             [&](std::uint64_t i, const RowSlot& slot) {
               slot.Set(0, Signed(frames.body_frames[i].first_id));
               slot.Set(1, Signed(frames.body_frames[i].last_id));
               slot.Set(2, Signed(frames.body_frames[i].offset));
             }));
  TRY(Insert(connection, day, "body_uses", uses.size(), [&](std::uint64_t i, const RowSlot& slot) {
    slot.Set(0, Signed(uses[i].id));
    WriteField(slot.data(1), slot.row(), uses[i].trace_id);
  }));
  TRY(Insert(connection, day, "log_frames", frames.log_frames.size(),
             [&](std::uint64_t i, const RowSlot& slot) {
               slot.Set(0, Signed(frames.log_frames[i].offset));
               slot.Set(1, frames.log_frames[i].min_time_ns);
               slot.Set(2, frames.log_frames[i].max_time_ns);
               slot.Set(3, Signed(frames.log_frames[i].rows));
             }));
  TRY(WritePoints(connection, input, frames, day));
  if (input.cut != nullptr) {
    TRY(WriteCut(connection, *input.cut, day));
    TRY(WriteFacts(connection, input.cut->facts, day));
  }
  return {};
}

base::Result<void> Sealer::Seal(Connection& connection, const SealInput& input, Day& day) {
  Frames frames;
  FrameWriter* writer = TRY(WriterFor(day));
  const auto undo = [&](const base::Error& error) {
    Close();  // Opening cuts off what was written.
    static_cast<void>(connection.Execute("ROLLBACK"));
    return error;
  };
  if (auto written = WriteFrames(input, *writer, frames); !written.has_value()) {
    Close();
    return written.error();
  }
  merged_texts_ = 0;
  if (auto begun = connection.Execute("BEGIN"); !begun.has_value()) {
    return undo(begun.error());
  }
  if (auto written = WriteTables(connection, input, frames, day); !written.has_value()) {
    return undo(written.error());
  }
  if (auto committed = connection.Execute("COMMIT"); !committed.has_value()) {
    return undo(committed.error());
  }
  losses_.Count(base::Loss::kFactTextOverLimit, merged_texts_);
  Checkpoint checkpoint = day.checkpoint();
  checkpoint.position = std::max(checkpoint.position, input.position);
  checkpoint.frames_length = frames.length;
  checkpoint.open_position = input.open_position;
  checkpoint.next_body_id = std::max(checkpoint.next_body_id, input.next_body_id);
  checkpoint.spans += frames.spans;
  checkpoint.logs += frames.logs;
  for (const model::EncodedBatchPtr& batch : input.batches) {
    checkpoint.points += batch->point_count();
  }
  if (input.cut != nullptr) {
    for (const model::RunRecord& run : input.cut->settled) {
      const bool is_first = checkpoint.max_start_ns < checkpoint.min_start_ns;
      checkpoint.min_start_ns =
          is_first ? run.start_ns : std::min(checkpoint.min_start_ns, run.start_ns);
      checkpoint.max_start_ns =
          is_first ? run.start_ns : std::max(checkpoint.max_start_ns, run.start_ns);
      checkpoint.runs += run.is_newer_version ? 0U : 1U;
    }
    checkpoint.cut_number = input.cut->number;
    for (const model::Fact& fact : input.cut->facts.facts) {
      checkpoint.fact_times.Add(fact.start_ns);
    }
  }
  if (frames.point_times.first_ns <= frames.point_times.last_ns) {
    checkpoint.point_times.Add(frames.point_times.first_ns);
    checkpoint.point_times.Add(frames.point_times.last_ns);
  }
  for (const LogFrame& log_frame : frames.log_frames) {
    checkpoint.log_times.Add(log_frame.min_time_ns);
    checkpoint.log_times.Add(log_frame.max_time_ns);
  }
  // Readers look at the head first: until it forgets the batches they see them there.
  for (const BodyFrame& body_frame : frames.body_frames) {
    day.bodies().Add(body_frame.first_id, body_frame.last_id, body_frame.offset);
  }
  day.traces().Add(std::move(frames.places), frames.length);
  day.SetCheckpoint(checkpoint);
  return {};
}

}  // namespace sightline::store::embedded
