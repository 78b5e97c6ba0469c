// SPDX-License-Identifier: Apache-2.0
// A seal, in this order: blocks of rows are put together by trace, in order of arrival, and cut
// into frames; bodies follow, in order of id; the frame file is synced; the tables are written and
// committed with the new length of the frame file. Only then do the day's indexes learn of it.
#include "store/embedded/seal.h"

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "base/log.h"
#include "model/batch.h"
#include "query/fact_query.h"
#include "store/embedded/rows.h"
#include "store/embedded/run_row.h"
#include "store/embedded/schema.h"

namespace sightline::store::embedded {
namespace {

constexpr std::size_t kMaxKnownSeries = 200'000;

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

base::Result<void> Sealer::Insert(Connection& connection, const Day& day, std::string_view table,
                                  std::uint64_t count, const RowFeed::Fill& fill) {
  return feed_.Insert(connection, fmt::format("{}.{}", day.database(), table), TypesOfTable(table),
                      count, fill);
}

base::Result<void> Sealer::WritePoints(Connection& connection, const SealInput& input,
                                       SealedFrames& frames, const Day& day) {
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

base::Result<void> Sealer::WriteRollups(Connection& connection,
                                        const std::vector<model::RollupEntry>& entries,
                                        const Day& day) {
  std::vector<std::string> sketches(2 * entries.size());
  return Insert(connection, day, "rollups", entries.size(),
                [&](std::uint64_t i, const RowSlot& slot) {
                  const model::RollupEntry& entry = entries[i];
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
  TRY(WriteRollups(connection, cut.rollups, day));
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
      text = query::kMoreNames;
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
  return Insert(connection, day, "facts", table.facts.size(),
                [&](std::uint64_t i, const RowSlot& slot) {
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
                  constexpr std::size_t kFirstAtEnd = 8;
                  for (std::size_t text = 0; text < kFirstAtEnd; ++text) {
                    slot.Set(column++, numbers[fact.*model::kFactTexts[text]]);
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
                  slot.Set(column++, ToUhugeint(fact.trace_id.view()));
                  slot.Set(column++, fact.span_id.number());
                  for (std::size_t text = kFirstAtEnd; text < model::kFactTexts.size(); ++text) {
                    slot.Set(column++, numbers[fact.*model::kFactTexts[text]]);
                  }
                  slot.Set(column++, fact.time_to_first_token_ns);
                });
}

base::Result<void> Sealer::WriteTables(Connection& connection, const SealInput& input,
                                       SealedFrames& frames, const Day& day) {
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
  TRY(Insert(
      connection, day, "gram_frames", frames.gram_frames.size(),
      [&](std::uint64_t i, const RowSlot& slot) { slot.Set(0, Signed(frames.gram_frames[i])); }));
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
  SealedFrames frames;
  FrameWriter* writer = TRY(WriterFor(day));
  const auto undo = [&](const base::Error& error) {
    Close();  // Opening cuts off what was written.
    static_cast<void>(connection.Execute("ROLLBACK"));
    return error;
  };
  if (auto written = WriteFrames(input.batches, *writer, frames); !written.has_value()) {
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
