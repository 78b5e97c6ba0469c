// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <unordered_map>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "base/result.h"
#include "model/columns.h"
#include "model/rope.h"
#include "store/embedded/day_file.h"
#include "store/embedded/row_feed.h"
#include "store/embedded/rows.h"
#include "store/embedded/schema.h"

// Writes the batches of one seal into a day file: rows clustered by trace, bodies, who uses them,
// trace parts and the journal position, all in one transaction.

namespace sightline::store::embedded {
namespace {

// A row and the batch it came with.
template <typename Row>
struct Source {
  const Row* row;
  const model::Batch* batch;
  std::int64_t trace_time_ns = 0;  // First of its trace in this seal.
};

// Everything one seal writes, prepared before the transaction starts.
struct SealRows {
  std::vector<Source<model::Span>> spans;
  std::vector<Source<model::Span>> pending;
  std::vector<Source<model::LogRecord>> logs;
  std::vector<TraceIndex::Entry> span_entries;
  std::vector<TraceIndex::Entry> pending_entries;
  std::vector<TraceIndex::Entry> log_entries;
  std::vector<TracePart> parts;
  std::uint64_t position = 0;
};

template <typename Row>
std::vector<Source<Row>> Collect(const HeadSnapshot& batches,
                                 std::vector<Row> model::Batch::* rows) {
  std::vector<Source<Row>> sources;
  for (const HeadBatchPtr& entry : batches) {
    for (const Row& row : (*entry->batch).*rows) {
      sources.push_back({.row = &row, .batch = entry->batch.get()});
    }
  }
  return sources;
}

std::int64_t TimeOf(const model::Span& span) {
  return span.start_ns;
}

std::int64_t TimeOf(const model::LogRecord& log) {
  return log.time_ns;
}

// Traces in the order in which they began: what began together is read together, most of all the
// newest.
template <typename Row>
void ClusterByTrace(std::vector<Source<Row>>& sources) {
  std::unordered_map<model::TraceId, std::int64_t, model::TraceIdHasher> times;
  for (const Source<Row>& source : sources) {
    const std::int64_t time_ns = TimeOf(*source.row);
    const auto [it, is_new] = times.try_emplace(source.row->trace_id, time_ns);
    it->second = std::min(it->second, time_ns);
  }
  for (Source<Row>& source : sources) {
    source.trace_time_ns = times.at(source.row->trace_id);
  }
  std::sort(sources.begin(), sources.end(), [](const Source<Row>& a, const Source<Row>& b) {
    return std::tuple(a.trace_time_ns, a.row->trace_id, TimeOf(*a.row)) <
           std::tuple(b.trace_time_ns, b.row->trace_id, TimeOf(*b.row));
  });
}

// Where each trace lies in clustered sources, counted from the first row.
template <typename Row>
std::vector<TraceIndex::Entry> EntriesOf(const std::vector<Source<Row>>& sources) {
  std::vector<TraceIndex::Entry> entries;
  for (std::size_t i = 0; i < sources.size(); ++i) {
    if (i == 0 || sources[i].row->trace_id != sources[i - 1].row->trace_id) {
      entries.push_back({.key = TraceIndex::KeyOf(sources[i].row->trace_id),
                         .first = static_cast<std::uint32_t>(i)});
    }
    ++entries.back().count;
  }
  return entries;
}

// Where a seal writes.
struct Target {
  Connection& connection;
  RowFeed& feed;
  const std::string& database;
};

base::Result<void> Insert(const Target& target, std::string_view table,
                          const std::vector<duckdb_type>& types, std::size_t count,
                          const RowFeed::Fill& fill) {
  return target.feed.Insert(target.connection, fmt::format("{}.{}", target.database, table), types,
                            count, fill);
}

// Bytes of a row, about: only texts can make it long.
template <typename Row>
std::uint64_t BytesOf(const Row& row) {
  std::uint64_t bytes = sizeof(Row);
  model::ForEachColumn<Row>([&](std::size_t, const auto& column) {
    if constexpr (std::is_same_v<FieldType<const Row, decltype(column)>, std::string_view>) {
      bytes += column.get(row).size();
    }
  });
  return bytes;
}

std::uint64_t BytesOf(const model::Body& body) {
  return body.bytes.size();
}

template <typename Row>
std::uint64_t BytesOf(const std::vector<Source<Row>>& sources) {
  std::uint64_t bytes = 0;
  for (const Source<Row>& source : sources) {
    bytes += BytesOf(*source.row);
  }
  return bytes;
}

// How many rows to insert so that `count` rows of `bytes` can be written with little memory; brings
// `tail` up to date. A seal of less than a row group is appended to the last group, which DuckDB
// then writes again, and for that it holds whole vectors of 2,048 rows. If the group would grow too
// long for that, the seal is padded to a group of its own. Rows that pad have sequence number -1,
// or id 0, and are empty otherwise.
std::uint64_t PaddedCount(std::uint64_t count, std::uint64_t bytes, Tail& tail) {
  constexpr std::uint64_t kMaxTailBytes = std::uint64_t{24} << 20U;
  if (count == 0) {
    return 0;
  }
  std::uint64_t rows = tail.rows + count;
  if (count >= kRowGroupRows) {
    rows = count;  // These go into groups of their own.
  } else if (tail.bytes + bytes > kMaxTailBytes) {
    tail = {};
    return kRowGroupRows;
  }
  tail.bytes += bytes;
  if (rows >= kRowGroupRows) {
    rows %= kRowGroupRows;
    tail.bytes = bytes / count * rows;
  }
  tail.rows = rows;
  return count;
}

template <typename Row>
void FillRow(const RowSlot& slot, std::uint64_t leading, const Row& row) {
  model::ForEachColumn<Row>([&](std::size_t index, const auto& column) {
    WriteField(slot.data(leading + index), slot.row(), column.get(row));
  });
}

// Rows with leading sequence number and arrival time.
template <typename Row>
base::Result<void> InsertClustered(const Target& target, std::string_view table,
                                   const std::vector<duckdb_type>& types,
                                   const std::vector<Source<Row>>& sources, std::int64_t first_seq,
                                   Tail& tail) {
  return Insert(target, table, types, PaddedCount(sources.size(), BytesOf(sources), tail),
                [&](std::uint64_t index, const RowSlot& slot) {
                  if (index >= sources.size()) {
                    slot.Set(0, std::int64_t{-1});
                    slot.Set(1, std::int64_t{0});
                    FillRow(slot, 2, Row{});
                    return;
                  }
                  slot.Set(0, first_seq + static_cast<std::int64_t>(index));
                  slot.Set(1, sources[index].batch->received_ns);
                  FillRow(slot, 2, *sources[index].row);
                });
}

// Points that pad have no name.
base::Result<void> InsertPoints(const Target& target, const HeadSnapshot& batches, Tail& tail) {
  const auto sources = Collect(batches, &model::Batch::points);
  return Insert(target, "metric_points", MetricTableTypes(),
                PaddedCount(sources.size(), BytesOf(sources), tail),
                [&](std::uint64_t index, const RowSlot& slot) {
                  if (index >= sources.size()) {
                    slot.Set(0, std::int64_t{0});
                    FillRow(slot, 1, model::MetricPoint{});
                    return;
                  }
                  slot.Set(0, sources[index].batch->received_ns);
                  FillRow(slot, 1, *sources[index].row);
                });
}

base::Result<void> InsertBodies(const Target& target, const HeadSnapshot& batches, Tail& tail) {
  const auto sources = Collect(batches, &model::Batch::bodies);
  const model::Body padding;
  return Insert(target, "bodies", {DUCKDB_TYPE_BIGINT, DUCKDB_TYPE_UHUGEINT, DUCKDB_TYPE_VARCHAR},
                PaddedCount(sources.size(), BytesOf(sources), tail),
                [&](std::uint64_t index, const RowSlot& slot) {
                  const model::Body& body = index < sources.size() ? *sources[index].row : padding;
                  slot.Set(0, static_cast<std::int64_t>(body.id));
                  slot.Set(1, duckdb_uhugeint{.lower = body.hash.low, .upper = body.hash.high});
                  slot.SetText(2, body.bytes);
                });
}

using BodyUses = std::vector<std::pair<model::TraceId, std::uint64_t>>;

template <typename Row>
void CollectUses(const std::vector<Source<Row>>& sources, BodyUses& uses) {
  for (const Source<Row>& source : sources) {
    model::ForEachBodyId(source.row->content,
                         [&](std::uint64_t id) { uses.emplace_back(source.row->trace_id, id); });
  }
}

base::Result<void> InsertUses(const Target& target, const SealRows& rows) {
  BodyUses uses;
  CollectUses(rows.spans, uses);
  CollectUses(rows.pending, uses);
  CollectUses(rows.logs, uses);
  std::sort(uses.begin(), uses.end());
  uses.erase(std::unique(uses.begin(), uses.end()), uses.end());
  return Insert(target, "body_uses", {DUCKDB_TYPE_BIGINT, DUCKDB_TYPE_UHUGEINT}, uses.size(),
                [&](std::uint64_t index, const RowSlot& slot) {
                  slot.Set(0, static_cast<std::int64_t>(uses[index].second));
                  slot.Set(1, ToUhugeint(uses[index].first.view()));
                });
}

// The batches' parts merged by trace, in the order of the clustered spans; traces without spans
// last.
std::vector<TracePart> MergedParts(const HeadSnapshot& batches,
                                   const std::vector<Source<model::Span>>& spans,
                                   const std::vector<TraceIndex::Entry>& entries,
                                   std::int64_t first_seq) {
  std::unordered_map<model::TraceId, TracePart, model::TraceIdHasher> merged;
  for (const HeadBatchPtr& entry : batches) {
    for (const TracePart& part : entry->parts) {
      const auto [it, is_new] = merged.try_emplace(part.trace_id, part);
      if (!is_new) {
        MergePart(it->second, part);
      }
    }
  }
  std::vector<TracePart> parts;
  parts.reserve(merged.size());
  for (const TraceIndex::Entry& entry : entries) {
    const auto part = merged.find(spans[entry.first].row->trace_id);
    part->second.first_row = first_seq + entry.first;
    parts.push_back(std::move(part->second));
    merged.erase(part);
  }
  for (auto& [id, part] : merged) {
    parts.push_back(std::move(part));
  }
  return parts;
}

base::Result<void> InsertParts(const Target& target, const std::vector<TracePart>& parts) {
  return Insert(target, "trace_parts", PartTableTypes(), parts.size(),
                [&](std::uint64_t index, const RowSlot& slot) { FillRow(slot, 0, parts[index]); });
}

// The slices of a clustered table.
template <typename Row>
base::Result<void> InsertSlices(const Target& target, std::string_view table,
                                const std::vector<Source<Row>>& rows,
                                const std::vector<TraceIndex::Entry>& entries,
                                std::int64_t first_seq) {
  return Insert(target, table, {DUCKDB_TYPE_UHUGEINT, DUCKDB_TYPE_BIGINT, DUCKDB_TYPE_BIGINT},
                entries.size(), [&](std::uint64_t index, const RowSlot& slot) {
                  const TraceIndex::Entry& entry = entries[index];
                  slot.Set(0, ToUhugeint(rows[entry.first].row->trace_id.view()));
                  slot.Set(1, first_seq + entry.first);
                  slot.Set(2, static_cast<std::int64_t>(entry.count));
                });
}

// A span that ended within the same seal needs no placeholder any more.
void DropEnded(const std::vector<Source<model::Span>>& spans,
               std::vector<Source<model::Span>>& pending) {
  if (pending.empty()) {
    return;
  }
  std::set<std::pair<model::TraceId, model::SpanId>> ended;
  for (const Source<model::Span>& source : spans) {
    ended.emplace(source.row->trace_id, source.row->span_id);
  }
  std::erase_if(pending, [&](const Source<model::Span>& source) {
    return ended.contains({source.row->trace_id, source.row->span_id});
  });
}

SealRows Prepare(const HeadSnapshot& batches, const DayFile& file) {
  SealRows rows;
  rows.spans = Collect(batches, &model::Batch::spans);
  rows.pending = Collect(batches, &model::Batch::pending);
  rows.logs = Collect(batches, &model::Batch::logs);
  DropEnded(rows.spans, rows.pending);
  ClusterByTrace(rows.spans);
  ClusterByTrace(rows.pending);
  ClusterByTrace(rows.logs);
  rows.span_entries = EntriesOf(rows.spans);
  rows.pending_entries = EntriesOf(rows.pending);
  rows.log_entries = EntriesOf(rows.logs);
  rows.parts = MergedParts(batches, rows.spans, rows.span_entries, file.next_span_seq);
  rows.position = batches.back()->batch->position;
  return rows;
}

base::Result<void> WriteAll(const Target& target, const HeadSnapshot& batches, const SealRows& rows,
                            std::int64_t now_ns, const DayFile& file, Tails& tails) {
  TRY(InsertClustered(target, "spans", SpanTableTypes(), rows.spans, file.next_span_seq,
                      tails.spans));
  TRY(InsertClustered(target, "pending_spans", SpanTableTypes(), rows.pending,
                      file.next_pending_seq, tails.pending));
  TRY(InsertClustered(target, "logs", LogTableTypes(), rows.logs, file.next_log_seq, tails.logs));
  TRY(InsertPoints(target, batches, tails.points));
  TRY(InsertBodies(target, batches, tails.bodies));
  TRY(InsertUses(target, rows));
  TRY(InsertParts(target, rows.parts));
  TRY(InsertSlices(target, "log_parts", rows.logs, rows.log_entries, file.next_log_seq));
  TRY(InsertSlices(target, "pending_parts", rows.pending, rows.pending_entries,
                   file.next_pending_seq));
  return target.connection.Execute(fmt::format("INSERT INTO {}.seals VALUES ({}, {}, {}, {})",
                                               file.database, rows.position, now_ns,
                                               file.next_span_seq, rows.spans.size()));
}

void UpdateFile(const SealRows& rows, DayFile& file) {
  for (const TracePart& part : rows.parts) {
    const bool is_first = file.min_start_ns == 0 && file.max_start_ns == 0;
    file.min_start_ns = is_first ? part.start_ns : std::min(file.min_start_ns, part.start_ns);
    file.max_start_ns = is_first ? part.end_ns : std::max(file.max_start_ns, part.end_ns);
  }
  file.sealed_position = rows.position;
  file.next_span_seq += static_cast<std::int64_t>(rows.spans.size());
  file.next_log_seq += static_cast<std::int64_t>(rows.logs.size());
  file.next_pending_seq += static_cast<std::int64_t>(rows.pending.size());
}

}  // namespace

base::Result<void> SealBatches(Connection& connection, RowFeed& feed, const HeadSnapshot& batches,
                               std::int64_t now_ns, DayFile& file, TraceIndexes& indexes) {
  SealRows rows = Prepare(batches, file);
  TRY(connection.Execute("BEGIN"));
  const Target target{.connection = connection, .feed = feed, .database = file.database};
  Tails tails = file.tails;
  base::Result<void> written = WriteAll(target, batches, rows, now_ns, file, tails);
  // Indexed before it is committed: a reader that sees the rows always finds them, and one that
  // does not see them yet finds nothing in these ranges and has them from the head.
  indexes.spans.AddRun(file.day, file.next_span_seq, std::move(rows.span_entries));
  indexes.logs.AddRun(file.day, file.next_log_seq, std::move(rows.log_entries));
  indexes.pending.AddRun(file.day, file.next_pending_seq, std::move(rows.pending_entries));
  if (written.has_value()) {
    written = connection.Execute("COMMIT");
  }
  if (!written.has_value()) {
    static_cast<void>(connection.Execute("ROLLBACK"));
    indexes.spans.DropRun(file.day, file.next_span_seq);
    indexes.logs.DropRun(file.day, file.next_log_seq);
    indexes.pending.DropRun(file.day, file.next_pending_seq);
    return written.error().WithContext(fmt::format("cannot seal into {}", file.path.string()));
  }
  UpdateFile(rows, file);
  file.tails = tails;
  return {};
}

}  // namespace sightline::store::embedded
