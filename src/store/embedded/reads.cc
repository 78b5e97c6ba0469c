// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
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
#include "store/embedded/read_rows.h"
#include "store/embedded/rows.h"
#include "store/embedded/view.h"

// The read side of the embedded store.

namespace sightline::store::embedded {
namespace {

// Slices of one table as a condition on seq.
std::string SeqCondition(const std::vector<RowRange>& ranges) {
  std::vector<std::string> tests;
  tests.reserve(ranges.size());
  for (const RowRange& range : ranges) {
    tests.push_back(
        fmt::format("seq BETWEEN {} AND {}", range.first, range.first + range.count - 1));
  }
  return fmt::format("({})", fmt::join(tests, " OR "));
}

std::map<std::int32_t, std::vector<RowRange>> ByDay(std::vector<RowRange> ranges) {
  std::map<std::int32_t, std::vector<RowRange>> by_day;
  for (const RowRange& range : ranges) {
    by_day[range.day].push_back(range);
  }
  return by_day;
}

// The ranges in order, with those joined between which there is less than half a vector of rows:
// the rows between them are decoded anyway.
std::vector<RowRange> JoinNear(std::vector<RowRange> ranges) {
  constexpr std::int64_t kNearRows = 1024;
  std::sort(ranges.begin(), ranges.end(), [](const RowRange& a, const RowRange& b) {
    return std::pair(a.day, a.first) < std::pair(b.day, b.first);
  });
  std::vector<RowRange> joined;
  for (const RowRange& range : ranges) {
    if (!joined.empty() && joined.back().day == range.day &&
        range.first - (joined.back().first + joined.back().count) <= kNearRows) {
      const std::int64_t count = range.first + range.count - joined.back().first;
      joined.back().count = std::max(joined.back().count, static_cast<std::uint32_t>(count));
    } else {
      joined.push_back(range);
    }
  }
  return joined;
}

void SortByStart(std::vector<model::Span>& spans) {
  std::sort(spans.begin(), spans.end(), [](const model::Span& a, const model::Span& b) {
    return a.start_ns != b.start_ns ? a.start_ns < b.start_ns : a.span_id < b.span_id;
  });
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
  const auto fetch = [&](const TraceIndex& index, std::string_view table,
                         auto& out) -> base::Result<void> {
    using Row = typename std::remove_reference_t<decltype(out)>::value_type;
    for (const auto& [day, ranges] : ByDay(index.Find(trace_id))) {
      if (const DayFile* file = FindDay(view->days(), day)) {
        const std::string from = fmt::format("FROM {}.{} WHERE {} AND trace_id = ?", file->database,
                                             table, SeqCondition(ranges));
        const std::vector<Param> params = {Param::Id(trace_id.view())};
        TRY(SelectRows(view->connection(), fmt::format("SELECT {} {}", SelectList<Row>(), from),
                       params, rows->arena, out));
        const auto received =
            TRY(view->connection().QueryIntegers("SELECT max(received_ns) " + from, params));
        rows->received_ns = std::max(rows->received_ns, received[0]);
      }
    }
    return {};
  };
  TRY(fetch(indexes_.spans, "spans", rows->spans));
  TRY(fetch(indexes_.pending, "pending_spans", rows->spans));
  TRY(fetch(indexes_.logs, "logs", rows->logs));
  for (const HeadBatchPtr& entry : view->head()) {
    for (const model::Span& span : entry->batch->spans) {
      if (span.trace_id == trace_id) {
        rows->received_ns = std::max(rows->received_ns, entry->batch->received_ns);
        rows->spans.push_back(CopyRow(span, rows->arena));
      }
    }
    for (const model::Span& span : entry->batch->pending) {
      if (span.trace_id == trace_id) {
        rows->received_ns = std::max(rows->received_ns, entry->batch->received_ns);
        rows->spans.push_back(CopyRow(span, rows->arena));
      }
    }
    for (const model::LogRecord& log : entry->batch->logs) {
      if (log.trace_id == trace_id) {
        rows->logs.push_back(CopyRow(log, rows->arena));
      }
    }
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
  const std::unordered_set<model::TraceId, model::TraceIdHasher> wanted(trace_ids.begin(),
                                                                        trace_ids.end());
  // Slices that lie close together are read by one statement, others by one each: a statement that
  // asks for a few far apart reads what is between them.
  const auto fetch = [&](const TraceIndex& index, std::string_view table) -> base::Result<void> {
    std::vector<RowRange> ranges;
    for (const model::TraceId& id : trace_ids) {
      const std::vector<RowRange> found = index.Find(id);
      ranges.insert(ranges.end(), found.begin(), found.end());
    }
    for (const RowRange& range : JoinNear(std::move(ranges))) {
      const DayFile* file = FindDay(view->days(), range.day);
      if (file == nullptr) {
        continue;
      }
      std::vector<model::Span> found;
      TRY(SelectRows(
          view->connection(),
          fmt::format("SELECT {} FROM {}.{} WHERE {}", SelectList<model::Span>(kLargeColumns),
                      file->database, table, SeqCondition({range})),
          {}, rows->arena, found));
      std::copy_if(found.begin(), found.end(), std::back_inserter(rows->spans),
                   [&](const model::Span& span) { return wanted.contains(span.trace_id); });
    }
    return {};
  };
  TRY(fetch(indexes_.spans, "spans"));
  TRY(fetch(indexes_.pending, "pending_spans"));
  for (const HeadBatchPtr& entry : view->head()) {
    for (const auto* spans : {&entry->batch->spans, &entry->batch->pending}) {
      for (const model::Span& span : *spans) {
        if (wanted.contains(span.trace_id)) {
          rows->spans.push_back(CopyRow(WithoutLarge(span), rows->arena));
        }
      }
    }
  }
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
    const auto [least, most] = std::minmax_element(missing.begin(), missing.end());
    QueryResult result = TRY(view->connection().Query(
        fmt::format("SELECT id, bytes FROM {}.bodies WHERE id BETWEEN {} AND {} AND id IN ({})",
                    file->database, *least, *most, fmt::join(missing, ", "))));
    while (const auto chunk = result.Next()) {
      for (std::uint64_t row = 0; row < chunk->size(); ++row) {
        const auto id = static_cast<std::uint64_t>(chunk->at<std::int64_t>(0, row));
        bodies.emplace(id, chunk->text(1, row));
        missing.erase(id);
      }
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
