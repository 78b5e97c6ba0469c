// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "base/result.h"
#include "model/columns.h"
#include "model/rope.h"
#include "store/embedded/day_file.h"
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

template <typename Row>
void ClusterByTrace(std::vector<Source<Row>>& sources) {
  std::sort(sources.begin(), sources.end(), [](const Source<Row>& a, const Source<Row>& b) {
    if (a.row->trace_id != b.row->trace_id) {
      return a.row->trace_id < b.row->trace_id;
    }
    return TimeOf(*a.row) < TimeOf(*b.row);
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

template <typename Row>
base::Result<void> AppendRow(Appender& appender, std::uint64_t leading, const Row& row) {
  model::ForEachColumn<Row>([&](std::size_t index, const auto& column) {
    const std::uint64_t at = leading + index;
    WriteField(appender.vector(at), appender.data(at), appender.row(), column.get(row));
  });
  return appender.NextRow();
}

// Rows with leading sequence number and arrival time.
template <typename Row>
base::Result<void> AppendClustered(Connection& connection, const std::string& database,
                                   const std::string& table, const std::vector<duckdb_type>& types,
                                   const std::vector<Source<Row>>& sources,
                                   std::int64_t first_seq) {
  const auto appender = TRY(Appender::Create(connection, database, table, types));
  for (const Source<Row>& source : sources) {
    appender->Set(0, first_seq++);
    appender->Set(1, source.batch->received_ns);
    TRY(AppendRow(*appender, 2, *source.row));
  }
  return appender->Finish();
}

base::Result<void> AppendPoints(Connection& connection, const std::string& database,
                                const HeadSnapshot& batches) {
  const auto sources = Collect(batches, &model::Batch::points);
  const auto appender =
      TRY(Appender::Create(connection, database, "metric_points", MetricTableTypes()));
  for (const Source<model::MetricPoint>& source : sources) {
    appender->Set(0, source.batch->received_ns);
    TRY(AppendRow(*appender, 1, *source.row));
  }
  return appender->Finish();
}

base::Result<void> AppendBodies(Connection& connection, const std::string& database,
                                const HeadSnapshot& batches) {
  const auto appender =
      TRY(Appender::Create(connection, database, "bodies",
                           {DUCKDB_TYPE_BIGINT, DUCKDB_TYPE_UHUGEINT, DUCKDB_TYPE_VARCHAR}));
  for (const HeadBatchPtr& entry : batches) {
    for (const model::Body& body : entry->batch->bodies) {
      appender->Set(0, static_cast<std::int64_t>(body.id));
      appender->Set(1, duckdb_uhugeint{.lower = body.hash.low, .upper = body.hash.high});
      appender->SetText(2, body.bytes);
      TRY(appender->NextRow());
    }
  }
  return appender->Finish();
}

template <typename Row>
void CollectUses(const std::vector<Source<Row>>& sources,
                 std::set<std::pair<model::TraceId, std::uint64_t>>& uses) {
  for (const Source<Row>& source : sources) {
    model::ForEachBodyId(source.row->content,
                         [&](std::uint64_t id) { uses.emplace(source.row->trace_id, id); });
  }
}

base::Result<void> AppendUses(Connection& connection, const std::string& database,
                              const SealRows& rows) {
  std::set<std::pair<model::TraceId, std::uint64_t>> uses;
  CollectUses(rows.spans, uses);
  CollectUses(rows.pending, uses);
  CollectUses(rows.logs, uses);
  const auto appender = TRY(Appender::Create(connection, database, "body_uses",
                                             {DUCKDB_TYPE_BIGINT, DUCKDB_TYPE_UHUGEINT}));
  for (const auto& [trace_id, body_id] : uses) {
    appender->Set(0, static_cast<std::int64_t>(body_id));
    appender->Set(1, ToUhugeint(trace_id.view()));
    TRY(appender->NextRow());
  }
  return appender->Finish();
}

// The batches' parts merged by trace, in the order of the clustered rows.
std::vector<TracePart> MergedParts(const HeadSnapshot& batches, std::int64_t first_seq) {
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
  for (auto& [id, part] : merged) {
    parts.push_back(std::move(part));
  }
  std::sort(parts.begin(), parts.end(),
            [](const TracePart& a, const TracePart& b) { return a.trace_id < b.trace_id; });
  for (TracePart& part : parts) {
    part.first_row = first_seq;
    first_seq += part.span_count;
  }
  return parts;
}

base::Result<void> AppendParts(Connection& connection, const std::string& database,
                               const std::vector<TracePart>& parts) {
  const auto appender =
      TRY(Appender::Create(connection, database, "trace_parts", PartTableTypes()));
  for (const TracePart& part : parts) {
    TRY(AppendRow(*appender, 0, part));
  }
  return appender->Finish();
}

// The slices of a clustered table.
template <typename Row>
base::Result<void> AppendSlices(Connection& connection, const std::string& database,
                                const std::string& table, const std::vector<Source<Row>>& rows,
                                const std::vector<TraceIndex::Entry>& entries,
                                std::int64_t first_seq) {
  const auto appender = TRY(Appender::Create(
      connection, database, table, {DUCKDB_TYPE_UHUGEINT, DUCKDB_TYPE_BIGINT, DUCKDB_TYPE_BIGINT}));
  for (const TraceIndex::Entry& entry : entries) {
    appender->Set(0, ToUhugeint(rows[entry.first].row->trace_id.view()));
    appender->Set(1, first_seq + entry.first);
    appender->Set(2, static_cast<std::int64_t>(entry.count));
    TRY(appender->NextRow());
  }
  return appender->Finish();
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
  rows.parts = MergedParts(batches, file.next_span_seq);
  rows.position = batches.back()->batch->position;
  return rows;
}

base::Result<void> WriteAll(Connection& connection, const HeadSnapshot& batches,
                            const SealRows& rows, std::int64_t now_ns, const DayFile& file) {
  TRY(AppendClustered(connection, file.database, "spans", SpanTableTypes(), rows.spans,
                      file.next_span_seq));
  TRY(AppendClustered(connection, file.database, "pending_spans", SpanTableTypes(), rows.pending,
                      file.next_pending_seq));
  TRY(AppendClustered(connection, file.database, "logs", LogTableTypes(), rows.logs,
                      file.next_log_seq));
  TRY(AppendPoints(connection, file.database, batches));
  TRY(AppendBodies(connection, file.database, batches));
  TRY(AppendUses(connection, file.database, rows));
  TRY(AppendParts(connection, file.database, rows.parts));
  TRY(AppendSlices(connection, file.database, "log_parts", rows.logs, rows.log_entries,
                   file.next_log_seq));
  TRY(AppendSlices(connection, file.database, "pending_parts", rows.pending, rows.pending_entries,
                   file.next_pending_seq));
  return connection.Execute(fmt::format("INSERT INTO {}.seals VALUES ({}, {}, {}, {})",
                                        file.database, rows.position, now_ns, file.next_span_seq,
                                        rows.spans.size()));
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

base::Result<void> SealBatches(Connection& connection, const HeadSnapshot& batches,
                               std::int64_t now_ns, DayFile& file, TraceIndexes& indexes) {
  SealRows rows = Prepare(batches, file);
  TRY(connection.Execute("BEGIN"));
  base::Result<void> written = WriteAll(connection, batches, rows, now_ns, file);
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
  return {};
}

}  // namespace sightline::store::embedded
