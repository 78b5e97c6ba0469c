// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <mutex>
#include <optional>
#include <shared_mutex>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "model/enum_range.h"
#include "store/embedded/embedded_store.h"
#include "store/embedded/reading.h"
#include "store/embedded/rows.h"
#include "store/embedded/schema.h"
#include "store/embedded/seal.h"

// Figures of settled runs that take the place of others. The rows in frames stay as they came; a
// table of the day says which figure counts now, and reads of a trace put it into the rows. In the
// same transaction the run's row gets its new sum, facts and rollups what is between old and new.
//
// A run that live state holds is left out: it is about to be replaced by a version that was derived
// from the old figures. Nothing is sealed and no old run is loaded while figures are replaced, so
// that a run is either held before and left out, or loaded after and loaded with the new ones.

namespace sightline::store::embedded {
namespace {

using Until = PriceStore::Until;

std::int64_t Signed(std::uint64_t value) {
  return static_cast<std::int64_t>(value);
}

model::TraceId IdAt(const Chunk& chunk, std::uint64_t column, std::uint64_t row) {
  model::TraceId id;
  FromUhugeint(chunk.at<duckdb_uhugeint>(column, row), reinterpret_cast<char*>(id.bytes.data()));
  return id;
}

model::SpanId SpanIdAt(const Chunk& chunk, std::uint64_t column, std::uint64_t row) {
  const std::uint64_t word = __builtin_bswap64(chunk.at<std::uint64_t>(column, row));
  model::SpanId id;
  std::memcpy(id.bytes.data(), &word, sizeof word);
  return id;
}

model::CostStatus StatusAt(const Chunk& chunk, std::uint64_t column, std::uint64_t row) {
  const auto raw = chunk.at<std::uint8_t>(column, row);
  return raw <= static_cast<std::uint8_t>(model::LastOf(model::CostStatus{}))
             ? static_cast<model::CostStatus>(raw)
             : model::CostStatus::kNone;
}

}  // namespace

base::Result<void> Sealer::WriteCorrection(Connection& connection, const Correction& correction,
                                           std::int64_t cut_number, std::int64_t now_ns,
                                           const Day& day) {
  struct Row {
    const Correction::Run* run;
    const FigureChange* change;
  };

  std::vector<Row> rows;
  for (const Correction::Run& run : correction.runs) {
    for (const FigureChange& change : run.changes) {
      rows.push_back({.run = &run, .change = &change});
    }
  }
  TRY(Insert(connection, day, "corrections", rows.size(),
             [&](std::uint64_t i, const RowSlot& slot) {
               const auto& [run, change] = rows[i];
               WriteField(slot.data(0), slot.row(), run->trace_id);
               WriteField(slot.data(1), slot.row(), change->span_id);
               slot.Set(2, Signed(run->position));
               slot.Set(3, change->now.cost.picodollars);
               slot.Set(4, static_cast<std::uint8_t>(change->now.status));
               slot.SetText(5, change->now.rule);
               slot.Set(6, change->old.cost.picodollars);
               slot.Set(7, static_cast<std::uint8_t>(change->old.status));
               slot.SetText(8, change->old.rule);
               slot.Set(9, now_ns);
               slot.Set(10, cut_number);
             }));
  TRY(connection.Execute(fmt::format(
      "UPDATE {0}.runs AS r SET cost_picodollars = c.cost_picodollars, cost_status = c.cost_status "
      "FROM {0}.corrections AS c WHERE c.cut_number = {1} AND c.span_id = 0 AND "
      "c.trace_id = r.trace_id AND c.position = r.position",
      day.database(), cut_number)));
  TRY(connection.Query(fmt::format("DELETE FROM {}.correction_jobs WHERE job = ?", day.database()),
                       {Param::Text(correction.progress.job)}));
  TRY(Insert(connection, day, "correction_jobs", 1, [&](std::uint64_t, const RowSlot& slot) {
    slot.SetText(0, correction.progress.job);
    WriteField(slot.data(1), slot.row(), correction.progress.last);
    slot.SetText(2, correction.progress.document);
  }));
  const Checkpoint checkpoint = day.checkpoint();
  TRY(Insert(connection, day, "checkpoints", 1, [&](std::uint64_t, const RowSlot& slot) {
    slot.Set(0, Signed(checkpoint.position));
    slot.Set(1, now_ns);
    slot.Set(2, Signed(checkpoint.frames_length));
    slot.Set(3, Signed(checkpoint.open_position));
    slot.Set(4, Signed(checkpoint.next_body_id));
    for (const std::uint64_t nothing : {5, 6, 7}) {
      slot.Set(nothing, std::int64_t{0});
    }
    slot.Set(8, cut_number);
  }));
  TRY(WriteRollups(connection, correction.rollups, day));
  return WriteFacts(connection, correction.facts, day);
}

base::Result<void> Sealer::Correct(Connection& connection, const Correction& correction,
                                   std::int64_t cut_number, std::int64_t now_ns, Day& day) {
  if (writer_day_ != day.number()) {
    Close();  // Its texts are of another day.
    writer_day_ = day.number();
  }
  merged_texts_ = 0;
  base::Result<void> done = connection.Execute("BEGIN");
  if (done.has_value()) {
    done = WriteCorrection(connection, correction, cut_number, now_ns, day);
  }
  if (done.has_value()) {
    done = connection.Execute("COMMIT");
  }
  if (!done.has_value()) {
    Close();
    static_cast<void>(connection.Execute("ROLLBACK"));
    return done;
  }
  losses_.Count(base::Loss::kFactTextOverLimit, merged_texts_);
  Checkpoint checkpoint = day.checkpoint();
  checkpoint.cut_number = cut_number;
  for (const model::Fact& fact : correction.facts.facts) {
    checkpoint.fact_times.Add(fact.start_ns);
  }
  day.SetHasCorrections();
  day.SetCheckpoint(checkpoint);
  return {};
}

base::Result<DayPtr> EmbeddedStore::FindDay(std::int32_t day, Deadline deadline) const {
  for (DayPtr& known : TRY(AllDays(deadline))) {
    if (known->number() == day) {
      return std::move(known);
    }
  }
  return base::Error(base::Code::kNotFound, "the day was deleted");
}

base::Result<std::vector<std::int32_t>> EmbeddedStore::DaysWithRuns(std::int64_t start_ns,
                                                                    std::int64_t end_ns,
                                                                    Until deadline) const {
  std::vector<std::int32_t> days;
  for (const DayPtr& day : TRY(AllDays(deadline))) {
    const Checkpoint checkpoint = day->checkpoint();
    if (checkpoint.min_start_ns < end_ns && checkpoint.max_start_ns >= start_ns) {
      days.push_back(day->number());
    }
  }
  return days;
}

base::Result<RunsOfDay> EmbeddedStore::SettledRuns(std::int32_t number, std::int64_t start_ns,
                                                   std::int64_t end_ns, const model::TraceId& after,
                                                   std::size_t limit, Until deadline) {
  const DayPtr day = TRY(FindDay(number, deadline));
  const auto reading = TRY(OpenReading(deadline));
  QueryResult result = TRY(reading->connection().Query(
      fmt::format("SELECT trace_id, max(position) FROM {}.runs WHERE start_ns >= ? AND start_ns < "
                  "? AND (model_calls > 0 OR tool_calls > 0) AND trace_id > ? GROUP BY trace_id "
                  "ORDER BY trace_id "
                  "LIMIT {}",
                  day->database(), limit),
      {Param::Integer(start_ns), Param::Integer(end_ns), Param::Id(after.view())}));
  RunsOfDay runs;
  std::size_t read = 0;
  std::optional<model::TraceId> last;
  base::MutexLock lock(mutex_);
  while (const auto chunk = result.Next()) {
    for (std::uint64_t row = 0; row < chunk->size(); ++row) {
      const model::TraceId id = IdAt(*chunk, 0, row);
      const auto position = static_cast<std::uint64_t>(chunk->at<std::int64_t>(1, row));
      const auto newest = newest_versions_.find(id);
      if (newest == newest_versions_.end() || newest->second <= position) {
        runs.ids.push_back(id);
      }
      last = id;
      ++read;
    }
  }
  if (read == limit) {
    runs.next = last;
  }
  return runs;
}

base::Result<std::vector<SettledRun>> EmbeddedStore::ReadSettled(
    std::int32_t number, std::span<const model::TraceId> ids, Until deadline) {
  std::vector<SettledRun> runs;
  if (ids.empty()) {
    return runs;
  }
  const DayPtr day = TRY(FindDay(number, deadline));
  {
    std::vector<Param> params;
    std::string marks;
    for (const model::TraceId& id : ids) {
      params.push_back(Param::Id(id.view()));
      marks += marks.empty() ? "?" : ", ?";
    }
    const auto reading = TRY(OpenReading(deadline));
    QueryResult result = TRY(reading->connection().Query(
        fmt::format("SELECT trace_id, max(position), arg_max(received_ns, position) FROM {}.runs "
                    "WHERE trace_id IN ({}) GROUP BY trace_id ORDER BY trace_id",
                    day->database(), marks),
        params));
    while (const auto chunk = result.Next()) {
      for (std::uint64_t row = 0; row < chunk->size(); ++row) {
        runs.push_back({.trace_id = IdAt(*chunk, 0, row),
                        .position = static_cast<std::uint64_t>(chunk->at<std::int64_t>(1, row)),
                        .received_ns = chunk->at<std::int64_t>(2, row)});
      }
    }
  }
  RunSource* source = nullptr;
  {
    base::MutexLock lock(mutex_);
    source = source_;
    std::erase_if(runs, [&](const SettledRun& run) {
      const auto newest = newest_versions_.find(run.trace_id);
      return newest != newest_versions_.end() && newest->second > run.position;
    });
  }
  if (source != nullptr) {
    std::erase_if(runs, [&](const SettledRun& run) { return source->Holds(run.trace_id); });
  }
  for (SettledRun& run : runs) {
    run.rows = TRY(ReadSpansBefore(run.trace_id, run.position + 1, deadline));
  }
  return runs;
}

base::Result<void> EmbeddedStore::Correct(std::int32_t number, std::span<const model::TraceId> ids,
                                          const MakeCorrection& correct, Until deadline) {
  base::MutexLock sealing(seal_mutex_);
  {
    base::MutexLock lock(mutex_);
    if (cut_ != nullptr) {
      return base::Error(base::Code::kUnavailable, "runs wait to be stored");
    }
  }
  if (seal_connection_ == nullptr) {
    return base::Error(base::Code::kUnavailable, "the store could not be reopened");
  }
  const std::unique_lock loading(load_mutex_);
  const DayPtr day = TRY(FindDay(number, deadline));
  const Correction correction = correct(TRY(ReadSettled(number, ids, deadline)));
  if (correction.runs.empty()) {
    return {};
  }
  std::int64_t cut_number = 0;
  {
    base::MutexLock lock(mutex_);
    cut_number_ = std::max(cut_number_ + 1, clock_.NowNs());
    cut_number = cut_number_;
  }
  base::Result<void> done;
  {
    const std::shared_lock instance_lock(instance_mutex_);
    done = sealer_.Correct(*seal_connection_, correction, cut_number, clock_.NowNs(), *day);
  }
  if (!done.has_value()) {
    static_cast<void>(ReopenInstance());
    return done;
  }
  SettleDays(*day);
  return {};
}

base::Result<std::optional<CorrectionProgress>> EmbeddedStore::ProgressOf(std::int32_t number,
                                                                          const std::string& job,
                                                                          Until deadline) {
  const DayPtr day = TRY(FindDay(number, deadline));
  const auto reading = TRY(OpenReading(deadline));
  QueryResult result = TRY(reading->connection().Query(
      fmt::format("SELECT last_trace, document FROM {}.correction_jobs WHERE job = ?",
                  day->database()),
      {Param::Text(job)}));
  const auto chunk = result.Next();
  if (!chunk || chunk->size() == 0) {
    return std::optional<CorrectionProgress>();
  }
  return std::optional(CorrectionProgress{
      .job = job, .last = IdAt(*chunk, 0, 0), .document = std::string(chunk->text(1, 0))});
}

base::Result<std::vector<OldFigure>> EmbeddedStore::OldFigures(const model::TraceId& trace_id,
                                                               const model::SpanId& span_id,
                                                               Until deadline) {
  std::vector<OldFigure> figures;
  for (const DayPtr& day : TRY(AllDays(deadline))) {
    if (!day->has_corrections() || !day->traces().MayContain(trace_id)) {
      continue;
    }
    const auto reading = TRY(OpenReading(deadline));
    QueryResult result = TRY(reading->connection().Query(
        fmt::format("SELECT span_id, old_cost_picodollars, old_cost_status, old_price_rule, "
                    "replaced_ns FROM {}.corrections WHERE trace_id = ? ORDER BY rowid",
                    day->database()),
        {Param::Id(trace_id.view())}));
    while (const auto chunk = result.Next()) {
      for (std::uint64_t row = 0; row < chunk->size(); ++row) {
        if (SpanIdAt(*chunk, 0, row) == span_id) {
          figures.push_back({.figure = {.cost = {chunk->at<std::int64_t>(1, row)},
                                        .status = StatusAt(*chunk, 2, row),
                                        .rule = std::string(chunk->text(3, row))},
                             .replaced_ns = chunk->at<std::int64_t>(4, row)});
        }
      }
    }
  }
  std::ranges::stable_sort(figures, std::ranges::greater(), &OldFigure::replaced_ns);
  return figures;
}

// The figures that a day has of a trace, into rows that are not younger than they.
base::Result<void> EmbeddedStore::ApplyCorrections(const Day& day, const model::TraceId& trace_id,
                                                   std::span<const FramedSpan> framed,
                                                   model::Batch& rows, Deadline deadline) {
  const auto reading = TRY(OpenReading(deadline));
  QueryResult result = TRY(reading->connection().Query(
      fmt::format("SELECT span_id, position, cost_picodollars, cost_status, price_rule FROM "
                  "{}.corrections WHERE trace_id = ? AND span_id <> 0 ORDER BY rowid",
                  day.database()),
      {Param::Id(trace_id.view())}));
  std::unordered_multimap<model::SpanId, FramedSpan, model::SpanIdHasher> places;
  for (const FramedSpan& span : framed) {
    places.emplace(rows.spans[span.row].span_id, span);
  }
  while (const auto chunk = result.Next()) {
    for (std::uint64_t row = 0; row < chunk->size(); ++row) {
      const auto position = static_cast<std::uint64_t>(chunk->at<std::int64_t>(1, row));
      const std::string_view rule = rows.arena.Copy(chunk->text(4, row));
      const auto [first, last] = places.equal_range(SpanIdAt(*chunk, 0, row));
      for (auto place = first; place != last; ++place) {
        model::Span& span = rows.spans[place->second.row];
        // What the sender states about its cost is not ours to replace.
        if (place->second.position > position || span.cost_status == model::CostStatus::kReported) {
          continue;
        }
        span.cost.picodollars = chunk->at<std::int64_t>(2, row);
        span.cost_status = StatusAt(*chunk, 3, row);
        span.price_rule = rule;
      }
    }
  }
  return {};
}

}  // namespace sightline::store::embedded
