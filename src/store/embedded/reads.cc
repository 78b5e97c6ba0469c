// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "model/columns.h"
#include "store/embedded/read_conditions.h"
#include "store/embedded/read_rows.h"
#include "store/embedded/rows.h"
#include "store/embedded/view.h"

// The read side of the embedded store.

namespace sightline::store::embedded {
namespace {

void SortByStart(std::vector<model::Span>& spans) {
  std::sort(spans.begin(), spans.end(), [](const model::Span& a, const model::Span& b) {
    return a.start_ns != b.start_ns ? a.start_ns < b.start_ns : a.span_id < b.span_id;
  });
}

// Rows of id and bytes: those that are missing.
void TakeBodies(QueryResult& result, std::unordered_set<std::uint64_t>& missing,
                std::unordered_map<std::uint64_t, std::string>& bodies) {
  while (const auto chunk = result.Next()) {
    for (std::uint64_t row = 0; row < chunk->size(); ++row) {
      const auto id = static_cast<std::uint64_t>(chunk->at<std::int64_t>(0, row));
      if (missing.erase(id) != 0) {
        bodies.emplace(id, chunk->text(1, row));
      }
    }
  }
}

// Like ReadRows for statements that select received_ns behind the row; the latest of them.
template <typename Row>
std::int64_t ReadReceivedRows(const Chunk& chunk, base::Arena& arena, std::vector<Row>& rows) {
  ReadRows(chunk, arena, rows);
  std::int64_t received_ns = 0;
  for (std::uint64_t row = 0; row < chunk.size(); ++row) {
    received_ns = std::max(received_ns, chunk.at<std::int64_t>(model::kColumnCount<Row>, row));
  }
  return received_ns;
}

// What is gathered of one trace.
struct TraceRows {
  const model::TraceId& trace_id;
  model::Batch& rows;  // Texts go to its arena, received_ns is raised.
};

// Appends to `out` what day files hold of the trace in `table`.
template <typename Row>
base::Result<void> TakeFromDays(Connection& connection, const std::vector<DayFile>& days,
                                std::string_view table, const TraceIndex& index,
                                const TraceRows& trace, std::vector<Row>& out) {
  for (const auto& [day, seq] : TraceConditions(index.Find(trace.trace_id))) {
    const DayFile* file = FindDay(days, day);
    if (file == nullptr) {
      continue;
    }
    QueryResult result = TRY(
        connection.Query(fmt::format("SELECT {}, received_ns FROM {}.{} WHERE {} AND trace_id = ?",
                                     SelectList<Row>(), file->database, table, seq),
                         {Param::Id(trace.trace_id.view())}));
    while (const auto chunk = result.Next()) {
      trace.rows.received_ns =
          std::max(trace.rows.received_ns, ReadReceivedRows(*chunk, trace.rows.arena, out));
    }
  }
  return {};
}

// Appends to `out` what a list of a batch in the head holds of the trace.
template <typename Row>
void TakeFromHead(const model::Batch& batch, const std::vector<Row>& list, const TraceRows& trace,
                  std::vector<Row>& out) {
  for (const Row& row : list) {
    if (row.trace_id == trace.trace_id) {
      trace.rows.received_ns = std::max(trace.rows.received_ns, batch.received_ns);
      out.push_back(CopyRow(row, trace.rows.arena));
    }
  }
}

using TraceIdSet = std::unordered_set<model::TraceId, model::TraceIdHasher>;

// Appends what the head holds of the traces, without large columns.
void TakeSummariesFromHead(const HeadSnapshot& head, const TraceIdSet& wanted, model::Batch& rows) {
  for (const HeadBatchPtr& entry : head) {
    for (const auto* spans : {&entry->batch->spans, &entry->batch->pending}) {
      for (const model::Span& span : *spans) {
        if (wanted.contains(span.trace_id)) {
          rows.spans.push_back(CopyRow(WithoutLarge(span), rows.arena));
        }
      }
    }
  }
}

}  // namespace

base::Result<std::unique_ptr<EmbeddedStore::View>> EmbeddedStore::View::Open(EmbeddedStore& store,
                                                                             Deadline deadline) {
  std::unique_ptr<View> view(new View(store));
  if (store.database_ == nullptr) {
    return base::Error(base::Code::kUnavailable, "cannot read: the store is being reopened");
  }
  view->connection_ = TRY(store.database_->Connect());
  view->guard_ = std::make_unique<QueryWatch::Guard>(store.watch_, *view->connection_, deadline);
  const HeadSnapshot snapshot = store.head_.Snapshot();
  view->days_ = store.Days();
  TRY(view->connection_->Execute("BEGIN"));
  SealedPositions sealed;
  for (const HeadBatchPtr& entry : snapshot) {
    const std::int32_t day = entry->batch->day;
    const DayFile* file = FindDay(view->days_, day);
    if (file != nullptr && !sealed.contains(day)) {
      const auto position = TRY(view->connection_->QueryIntegers(
          fmt::format("SELECT coalesce(max(position), 0)::BIGINT FROM {}.seals", file->database)));
      sealed[day] = static_cast<std::uint64_t>(position[0]);
    }
  }
  view->pin_ = std::make_unique<Head::Pin>(store.head_, Unsealed(snapshot, sealed));
  return view;
}

Sources EmbeddedStore::View::sources() const {
  Sources sources{.head_token = pin_->token()};
  for (const DayFile& file : days_) {
    sources.databases.push_back(file.database);
  }
  return sources;
}

base::Result<std::unique_ptr<EmbeddedStore::View>> EmbeddedStore::OpenView(Deadline deadline) {
  return View::Open(*this, deadline);
}

base::Result<Rows> EmbeddedStore::FetchTrace(const model::TraceId& trace_id, Deadline deadline) {
  const auto view = TRY(OpenView(deadline));
  auto rows = std::make_shared<model::Batch>();
  const TraceRows trace{.trace_id = trace_id, .rows = *rows};
  const auto fetch = [&](std::string_view table, const TraceIndex& index, auto& out) {
    return TakeFromDays(view->connection(), view->days(), table, index, trace, out);
  };
  TRY(fetch("spans", indexes_.spans, rows->spans));
  TRY(fetch("pending_spans", indexes_.pending, rows->spans));
  TRY(fetch("logs", indexes_.logs, rows->logs));
  for (const HeadBatchPtr& entry : view->head()) {
    TakeFromHead(*entry->batch, entry->batch->spans, trace, rows->spans);
    TakeFromHead(*entry->batch, entry->batch->pending, trace, rows->spans);
    TakeFromHead(*entry->batch, entry->batch->logs, trace, rows->logs);
  }
  SortByStart(rows->spans);
  std::stable_sort(rows->logs.begin(), rows->logs.end(),
                   [](const auto& a, const auto& b) { return a.time_ns < b.time_ns; });
  return Rows(rows);
}

base::Result<Rows> EmbeddedStore::FetchSummaries(std::span<const model::TraceId> trace_ids,
                                                 Deadline deadline) {
  const auto view = TRY(OpenView(deadline));
  auto rows = std::make_shared<model::Batch>();
  const TraceIdSet wanted(trace_ids.begin(), trace_ids.end());
  const auto fetch = [&](const TraceIndex& index, std::string_view table) -> base::Result<void> {
    std::vector<RowRange> ranges;
    for (const model::TraceId& id : trace_ids) {
      const std::vector<RowRange> found = index.Find(id);
      ranges.insert(ranges.end(), found.begin(), found.end());
    }
    for (const auto& [day, seq] : SliceConditions(std::move(ranges))) {
      const DayFile* file = FindDay(view->days(), day);
      if (file == nullptr) {
        continue;
      }
      std::vector<model::Span> found;
      TRY(SelectRows(
          view->connection(),
          fmt::format("SELECT {} FROM {}.{} WHERE {}", SelectList<model::Span>(kLargeColumns),
                      file->database, table, seq),
          {}, rows->arena, found));
      std::copy_if(found.begin(), found.end(), std::back_inserter(rows->spans),
                   [&](const model::Span& span) { return wanted.contains(span.trace_id); });
    }
    return {};
  };
  TRY(fetch(indexes_.spans, "spans"));
  TRY(fetch(indexes_.pending, "pending_spans"));
  TakeSummariesFromHead(view->head(), wanted, *rows);
  SortByStart(rows->spans);
  return Rows(rows);
}

base::Result<TracePage> EmbeddedStore::ListTraces(const query::TraceQuery& query,
                                                  Deadline deadline) {
  const auto view = TRY(OpenView(deadline));
  const Statement statement = ListStatement(query, view->sources());
  QueryResult result = TRY(view->connection().Query(statement.sql, statement.params));
  TracePage page;
  while (const auto chunk = result.Next()) {
    for (std::uint64_t row = 0; row < chunk->size(); ++row) {
      TracePage::Item item{.start_ns = chunk->at<std::int64_t>(1, row),
                           .received_ns = chunk->at<std::int64_t>(3, row)};
      FromUhugeint(chunk->at<duckdb_uhugeint>(0, row),
                   reinterpret_cast<char*>(item.trace_id.bytes.data()));
      page.total = static_cast<std::uint64_t>(chunk->at<std::int64_t>(2, row));
      page.items.push_back(item);
    }
  }
  page.has_more = page.items.size() > query.limit;
  page.items.resize(std::min(page.items.size(), query.limit));
  return page;
}

base::Result<model::TraceId> EmbeddedStore::FindRun(std::string_view run_id, Deadline deadline) {
  const auto view = TRY(OpenView(deadline));
  QueryResult result = TRY(view->connection().Query(
      fmt::format("SELECT trace_id FROM {} AS parts WHERE run_id = ? ORDER BY start_ns DESC "
                  "LIMIT 1",
                  PartsOf(view->sources(), "trace_id, run_id, start_ns")),
      {Param::Text(run_id)}));
  const auto chunk = result.Next();
  if (!chunk || chunk->size() == 0) {
    return base::Error(base::Code::kNotFound, fmt::format("run {} is not known", run_id));
  }
  model::TraceId id;
  FromUhugeint(chunk->at<duckdb_uhugeint>(0, 0), reinterpret_cast<char*>(id.bytes.data()));
  return id;
}

base::Result<std::vector<WorkflowTotals>> EmbeddedStore::TotalsByWorkflow(
    std::int64_t now_ns, std::int64_t idle_limit_ns, Deadline deadline) {
  const auto view = TRY(OpenView(deadline));
  const Statement statement = TotalsStatement(now_ns, idle_limit_ns, view->sources());
  QueryResult result = TRY(view->connection().Query(statement.sql, statement.params));
  std::vector<WorkflowTotals> totals;
  while (const auto chunk = result.Next()) {
    for (std::uint64_t row = 0; row < chunk->size(); ++row) {
      const auto number = [&](std::uint64_t i) { return chunk->at<std::int64_t>(i, row); };
      const auto count = [&](std::uint64_t i) { return static_cast<std::uint64_t>(number(i)); };
      totals.push_back({.workflow_id = std::string(chunk->text(0, row)),
                        .running = count(1),
                        .completed = count(2),
                        .failed = count(3),
                        .cancelled = count(4),
                        .abandoned = count(5),
                        .completed_seconds = static_cast<double>(number(6)) / 1e9,
                        .last_received_ns = number(7)});
    }
  }
  return totals;
}

base::Result<std::vector<AgentSeen>> EmbeddedStore::AgentsSeen(Deadline deadline) {
  const auto view = TRY(OpenView(deadline));
  QueryResult result = TRY(view->connection().Query(AgentsStatement(view->sources()).sql));
  std::vector<AgentSeen> agents;
  while (const auto chunk = result.Next()) {
    for (std::uint64_t row = 0; row < chunk->size(); ++row) {
      agents.push_back({.name = std::string(chunk->text(0, row)),
                        .last_received_ns = chunk->at<std::int64_t>(1, row)});
    }
  }
  return agents;
}

bool EmbeddedStore::MayKnow(const model::TraceId& trace_id, std::uint64_t position) const {
  return head_.Holds(trace_id, position) || !indexes_.spans.Find(trace_id).empty() ||
         !indexes_.pending.Find(trace_id).empty() || !indexes_.logs.Find(trace_id).empty();
}

base::Result<std::unordered_map<std::uint64_t, std::string>> EmbeddedStore::LoadBodies(
    std::span<const std::uint64_t> ids, Deadline deadline) {
  std::unordered_map<std::uint64_t, std::string> bodies;
  const auto view = TRY(OpenView(deadline));
  std::unordered_set<std::uint64_t> missing(ids.begin(), ids.end());
  for (const HeadBatchPtr& entry : view->head()) {
    for (const model::Body& body : entry->batch->bodies) {
      if (missing.erase(body.id) != 0) {
        bodies.emplace(body.id, body.bytes);
      }
    }
  }
  for (auto file = view->days().rbegin(); file != view->days().rend() && !missing.empty(); ++file) {
    const std::vector<std::uint64_t> wanted(missing.begin(), missing.end());
    for (const std::string& condition : BodyConditions(wanted)) {
      QueryResult result = TRY(view->connection().Query(
          fmt::format("SELECT id, bytes FROM {}.bodies WHERE {}", file->database, condition)));
      TakeBodies(result, missing, bodies);
    }
  }
  return bodies;
}

base::Result<Rows> EmbeddedStore::NewestSpans(std::size_t limit, Deadline deadline) {
  const auto view = TRY(OpenView(deadline));
  auto rows = std::make_shared<model::Batch>();
  if (!view->days().empty()) {
    const DayFile& file = view->days().back();
    QueryResult result = TRY(view->connection().Query(fmt::format(
        "SELECT trace_id, span_id, start_ns, end_ns, status FROM {}.spans WHERE seq >= "
        "{} ORDER BY seq",
        file.database,
        std::max<std::int64_t>(0, file.next_span_seq - static_cast<std::int64_t>(limit)))));
    while (const auto chunk = result.Next()) {
      for (std::uint64_t row = 0; row < chunk->size(); ++row) {
        model::Span span;
        ReadField(chunk->column(0), row, rows->arena, span.trace_id);
        ReadField(chunk->column(1), row, rows->arena, span.span_id);
        ReadField(chunk->column(2), row, rows->arena, span.start_ns);
        ReadField(chunk->column(3), row, rows->arena, span.end_ns);
        ReadField(chunk->column(4), row, rows->arena, span.status);
        rows->spans.push_back(span);
      }
    }
  }
  for (const HeadBatchPtr& entry : view->head()) {
    for (const model::Span& span : entry->batch->spans) {
      rows->spans.push_back(CopyRow(span, rows->arena));
    }
  }
  return Rows(rows);
}

}  // namespace sightline::store::embedded
