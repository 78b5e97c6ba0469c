// SPDX-License-Identifier: Apache-2.0
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "base/arena.h"
#include "store/embedded/list_sql.h"
#include "store/embedded/read_rows.h"
#include "store/embedded/view.h"

// The scan that gives each trace of the last days once. Rows of a trace lie together within one
// seal, and a trace that goes on over several seals has rows in each: the trace parts say how many
// there are in all, so a trace is given away as soon as its last row has been read.

namespace sightline::store::embedded {
namespace {

// Two row groups a step: a few tens of megabytes.
constexpr std::int64_t kStepRows = 122'880;

// Besides what is large: what live figures have no use for.
std::vector<std::string_view> UnscannedColumns() {
  std::vector<std::string_view> columns(kLargeColumns.begin(), kLargeColumns.end());
  for (const std::string_view column :
       {"status_message", "tags", "finish_reasons", "trace_state", "price_rule", "environment",
        "release", "framework", "operation", "service_instance", "tool_type"}) {
    columns.push_back(column);
  }
  return columns;
}

using Counts = std::unordered_map<model::TraceId, std::int64_t, model::TraceIdHasher>;

// Rows of traces that are not complete yet, with the memory of their texts.
class Assembly {
 public:
  using Visit = std::function<bool(std::span<const model::Span>)>;

  Assembly(Counts expected, const Visit& visit) : expected_(std::move(expected)), visit_(visit) {}

  // False when the visitor wants no more.
  bool Add(const model::Span& span) {
    Trace& trace = traces_[span.trace_id];
    if (trace.arena == nullptr) {
      trace.arena = std::make_unique<base::Arena>();
    }
    trace.spans.push_back(CopyRow(span, *trace.arena));
    const auto expected = expected_.find(span.trace_id);
    if (expected == expected_.end() ||
        static_cast<std::int64_t>(trace.spans.size()) < expected->second) {
      return true;
    }
    const auto node = traces_.extract(span.trace_id);
    return visit_(node.mapped().spans);
  }

  // Gives away what is left: traces of which less was found than their parts say.
  void Finish() {
    for (const auto& [id, trace] : traces_) {
      if (!visit_(trace.spans)) {
        return;
      }
    }
  }

 private:
  struct Trace {
    std::unique_ptr<base::Arena> arena;
    std::vector<model::Span> spans;
  };

  Counts expected_;
  const Visit& visit_;
  std::unordered_map<model::TraceId, Trace, model::TraceIdHasher> traces_;
};

base::Result<Counts> ExpectedCounts(Connection& connection, const Sources& sources) {
  QueryResult result = TRY(connection.Query(
      fmt::format("SELECT trace_id, sum(span_count)::BIGINT FROM {} AS parts WHERE span_count > 0 "
                  "GROUP BY trace_id",
                  PartsOf(sources, "trace_id, span_count"))));
  Counts counts;
  while (const auto chunk = result.Next()) {
    for (std::uint64_t row = 0; row < chunk->size(); ++row) {
      model::TraceId id;
      FromUhugeint(chunk->at<duckdb_uhugeint>(0, row), reinterpret_cast<char*>(id.bytes.data()));
      counts.emplace(id, chunk->at<std::int64_t>(1, row));
    }
  }
  return counts;
}

// False when the visitor wants no more.
base::Result<bool> ScanDay(Connection& connection, const DayFile& file, Assembly& assembly) {
  const std::string columns = SelectList<model::Span>(UnscannedColumns());
  // Not file.next_span_seq: this transaction may be younger than that figure.
  const auto end = TRY(connection.QueryIntegers(
      fmt::format("SELECT (coalesce(max(seq), -1) + 1)::BIGINT FROM {}.spans", file.database)));
  for (std::int64_t seq = 0; seq < end[0]; seq += kStepRows) {
    base::Arena arena;
    std::vector<model::Span> rows;
    TRY(SelectRows(connection,
                   fmt::format("SELECT {} FROM {}.spans WHERE seq BETWEEN {} AND {} ORDER BY seq",
                               columns, file.database, seq, seq + kStepRows - 1),
                   {}, arena, rows));
    for (const model::Span& row : rows) {
      if (!assembly.Add(row)) {
        return false;
      }
    }
  }
  return true;
}

}  // namespace

base::Result<void> EmbeddedStore::ScanTraces(
    std::int32_t first_day, const std::function<void()>& on_open,
    const std::function<bool(std::span<const model::Span>)>& visit, Deadline deadline) {
  const auto view = TRY(OpenView(deadline));
  on_open();
  Sources sources{.head_token = view->sources().head_token};
  std::vector<DayFile> days;
  for (const DayFile& file : view->days()) {
    if (file.day >= first_day) {
      sources.databases.push_back(file.database);
      days.push_back(file);
    }
  }
  Assembly assembly(TRY(ExpectedCounts(view->connection(), sources)), visit);
  for (const DayFile& file : days) {
    if (!TRY(ScanDay(view->connection(), file, assembly))) {
      return {};
    }
  }
  for (const HeadBatchPtr& entry : view->head()) {
    for (const model::Span& span : entry->batch->spans) {
      if (!assembly.Add(WithoutLarge(span))) {
        return {};
      }
    }
  }
  assembly.Finish();
  return {};
}

}  // namespace sightline::store::embedded
