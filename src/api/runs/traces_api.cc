// SPDX-License-Identifier: Apache-2.0
#include "api/runs/traces_api.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <unordered_set>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "api/kept/annotation_json.h"
#include "api/kept/score_filter.h"
#include "api/kept/score_json.h"
#include "api/live/live_json.h"
#include "api/request/answers.h"
#include "api/request/parameters.h"
#include "api/request/period.h"
#include "api/runs/run_filter.h"
#include "api/runs/span_content.h"
#include "api/runs/span_json.h"
#include "api/runs/trace_json.h"
#include "api/telemetry/log_json.h"
#include "base/json_writer.h"
#include "base/time_text.h"
#include "model/rope.h"

namespace sightline::api {
namespace {

// What one answer may hold of a run: one of 300,000 steps would be 400 MB. What is left out is
// counted, and is in the rows and in the spans one by one.
constexpr std::size_t kMostBytesOfSpans = std::size_t{24} << 20U;
constexpr std::size_t kMostBytesOfLogs = std::size_t{8} << 20U;

// Whose bodies are in memory at once.
constexpr std::size_t kSpansAtOnce = 256;

void AddBodyIds(std::string_view content, std::unordered_set<std::uint64_t>& ids) {
  model::ForEachBodyId(content, [&](std::uint64_t id) { ids.insert(id); });
}

ContentPlace PlaceOf(const net::HttpRequest& request) {
  return {.field = std::string(request.query.Find("field").value_or("")),
          .key = std::string(request.query.Find("key").value_or(""))};
}

void WriteSearched(const store::TextSearched& searched, base::JsonWriter& json) {
  json.Key("search").BeginObject();
  json.Key("is_complete").Bool(searched.is_complete);
  json.Key("stopped_in");
  if (searched.is_complete) {
    json.Null();
  } else {
    json.String(base::FormatDay(searched.last_day * Period::kDayNs));
  }
  json.EndObject();
}

// Lists tell of the steps of runs only when they are asked to.
base::Result<bool> WithSteps(const net::HttpRequest& request) {
  const auto include = Parameters(request.query).Text("include");
  if (include && *include != "steps") {
    return base::Error(base::Code::kInvalidArgument, "bad parameter include: steps expected");
  }
  return include.has_value();
}

}  // namespace

base::Result<query::TraceQuery> TracesApi::QueryOf(const net::HttpRequest& request) const {
  const Parameters parameters(request.query);
  query::TraceQuery query = TRY(ReadRunFilter(parameters));
  query.limit = TRY(parameters.Limit(100, 1000));
  query.may_stop_search = true;
  if (const auto sort = parameters.Text("sort")) {
    const auto parsed = query::RunSort::Parse(*sort);
    if (!parsed) {
      return BadParameter("sort",
                          "start, duration, cost, tokens or errors, with - before it for "
                          "the largest first,");
    }
    query.sort = *parsed;
  }
  if (const auto cursor = parameters.Text("cursor")) {
    query.cursor = query::TraceCursor::Parse(*cursor, query.sort);
    if (!query.cursor) {
      return BadParameter("cursor", "a next_cursor of this list in the same order");
    }
  }
  query.counts_exactly = TRY(AsksForExactCount(parameters));
  return query;
}

base::Result<store::RunPage> TracesApi::PageOf(const net::HttpRequest& request,
                                               const query::TraceQuery& query) const {
  const std::optional<TraceIds> wanted = TRY(ReadScoreFilter(request.query, meta_));
  return wanted ? ListRunsAmong(*wanted, query, store_, loader_.Deadline())
                : store_.ListRuns(query, loader_.Deadline());
}

base::Result<std::string> TracesApi::ListJson(const net::HttpRequest& request) const {
  const query::TraceQuery query = TRY(QueryOf(request));
  const bool with_steps = TRY(WithSteps(request));
  const store::RunPage page = TRY(PageOf(request, query));
  const ScoresByRun scores = ScoresOfRuns(meta_, page.runs);
  base::JsonWriter json;
  json.BeginObject().Key("traces").BeginArray();
  for (const model::RunRecord& run : page.runs) {
    json.BeginObject();
    WriteRunFields(run, json);
    WriteSignsOf(run.trace_id, json);
    WriteScoresOf(scores, run.trace_id, json);
    if (with_steps) {
      TRY(WriteStepsOf(run.trace_id, json));
    }
    json.EndObject();
  }
  json.EndArray();
  json.Key("total");
  if (page.is_total_exact) {
    json.Uint(page.total);
  } else {
    json.Null();
  }
  json.Key("total_at_least").Uint(page.total);
  json.Key("next_cursor");
  if (page.has_more) {
    json.String(query::CursorAfter(query.sort, page.runs.back()).ToText(query.sort));
  } else {
    json.Null();
  }
  if (page.searched) {
    WriteSearched(*page.searched, json);
  }
  json.EndObject();
  return json.Take();
}

base::Result<void> TracesApi::WriteStepsOf(const model::TraceId& trace_id,
                                           base::JsonWriter& json) const {
  const store::Rows rows = TRY(store_.FetchTrace(trace_id, loader_.Deadline()));
  WriteSteps(loader_.ViewOf(rows), json);
  return {};
}

base::Result<Bodies> TracesApi::BodiesOf(const BodyIds& ids) const {
  if (ids.empty()) {
    return Bodies();
  }
  return store_.LoadBodies(std::vector<std::uint64_t>(ids.begin(), ids.end()), loader_.Deadline());
}

base::Result<Bodies> TracesApi::BodiesOf(const model::Span& span, const LogList& logs) const {
  BodyIds ids;
  AddBodyIds(span.content, ids);
  for (const model::LogRecord* log : logs) {
    AddBodyIds(log->content, ids);
  }
  return BodiesOf(ids);
}

void TracesApi::WriteSignsOf(const model::TraceId& trace_id, base::JsonWriter& json) const {
  WriteSigns(live_ == nullptr ? std::vector<live::Sign>{} : live_->SignsOf(trace_id), json);
}

// As many as the budget of an answer allows, in order of start.
base::Result<void> TracesApi::WriteSpansOf(const LoadedTrace& loaded,
                                           base::JsonWriter& json) const {
  const analytics::TraceView& view = loaded.view;
  const std::size_t most_bytes = json.size() + kMostBytesOfSpans;
  Bodies bodies;
  std::size_t written = 0;
  json.Key("spans").BeginArray();
  for (; written < view.spans.size() && json.size() < most_bytes; ++written) {
    if (written % kSpansAtOnce == 0) {
      bodies = TRY(loader_.BodiesOfSpans(loaded, written, written + kSpansAtOnce));
    }
    WriteSpan(view, written, loaded.logs.Of(view, written), bodies, losses_, nullptr, nullptr,
              json);
  }
  json.EndArray();
  json.Key("spans_left_out").Uint(view.spans.size() - written);
  return {};
}

base::Result<void> TracesApi::WriteLogsOf(const LoadedTrace& loaded, base::JsonWriter& json) const {
  const std::vector<model::LogRecord>& logs = loaded.rows->logs;
  const std::size_t most_bytes = json.size() + kMostBytesOfLogs;
  Bodies bodies;
  std::size_t written = 0;
  json.Key("logs").BeginArray();
  for (; written < logs.size() && json.size() < most_bytes; ++written) {
    if (written % kSpansAtOnce == 0) {
      BodyIds ids;
      for (std::size_t i = written; i < std::min(written + kSpansAtOnce, logs.size()); ++i) {
        AddBodyIds(logs[i].content, ids);
      }
      bodies = TRY(BodiesOf(ids));
    }
    WriteLog(logs[written], bodies, losses_, json);
  }
  json.EndArray();
  json.Key("logs_left_out").Uint(logs.size() - written);
  return {};
}

base::Result<std::string> TracesApi::TraceJson(std::string_view id_text) const {
  const LoadedTrace loaded = TRY(loader_.Load(id_text));
  const analytics::TraceView& view = loaded.view;
  base::JsonWriter json;
  json.BeginObject();
  WriteTraceFields(view, json);
  WriteSignsOf(view.summary.trace_id, json);
  WriteScoresOf(meta_, {.trace_ids = {view.summary.trace_id.ToHex()}}, json);
  WriteAnnotationsOf(annotations_, view.summary.trace_id.ToHex(), json);
  TRY(WriteSpansOf(loaded, json));
  const Bodies bodies = TRY(loader_.BodiesOfRun(loaded));
  WriteRun(view, loaded.logs, bodies, json);
  TRY(WriteLogsOf(loaded, json));
  json.Key("repeated_spans").Uint(view.repeated_spans);
  json.Key("covered_log_events").Uint(view.covered_log_spans);
  json.EndObject();
  return json.Take();
}

base::Result<std::string> TracesApi::SpanJson(const net::HttpRequest& request) const {
  const LoadedTrace loaded =
      TRY(loader_.LoadSpan(request.PathParameter("trace_id"), request.PathParameter("span_id")));
  const LogList logs = loaded.logs.Of(loaded.view, 0);
  const Bodies bodies = TRY(BodiesOf(loaded.view.spans[0], logs));
  base::JsonWriter json;
  WriteSpan(loaded.view, 0, logs, bodies, losses_, &normalizer_, costs_, json);
  return json.Take();
}

base::Result<std::string> TracesApi::SpanContent(const net::HttpRequest& request) const {
  const LoadedTrace loaded =
      TRY(loader_.LoadSpan(request.PathParameter("trace_id"), request.PathParameter("span_id")));
  const LogList logs = loaded.logs.Of(loaded.view, 0);
  const Bodies bodies = TRY(BodiesOf(loaded.view.spans[0], logs));
  return FindContent(loaded.view.spans[0], logs, bodies, PlaceOf(request));
}

base::Result<std::string> TracesApi::LogContent(const net::HttpRequest& request) const {
  const store::Rows rows = TRY(loader_.RowsOf(request.PathParameter("trace_id")));
  const std::string_view log_id = request.PathParameter("log_id");
  for (const model::LogRecord& log : rows->logs) {
    if (LogId(log) == log_id) {
      const Bodies bodies = TRY(store_.LoadBodies(BodyIdsOf(log.content), loader_.Deadline()));
      return FindLogContent(log, bodies, PlaceOf(request));
    }
  }
  return base::Error(base::Code::kNotFound, fmt::format("log record {} is not known in trace {}",
                                                        log_id, request.PathParameter("trace_id")));
}

net::HttpResponse TracesApi::List(const net::HttpRequest& request) const {
  return JsonAnswer(ListJson(request));
}

net::HttpResponse TracesApi::Get(const net::HttpRequest& request) const {
  return JsonAnswer(TraceJson(request.PathParameter("trace_id")));
}

net::HttpResponse TracesApi::GetSpan(const net::HttpRequest& request) const {
  return JsonAnswer(SpanJson(request));
}

net::HttpResponse TracesApi::GetSpanContent(const net::HttpRequest& request) const {
  return TextAnswer(SpanContent(request));
}

net::HttpResponse TracesApi::GetLogContent(const net::HttpRequest& request) const {
  return TextAnswer(LogContent(request));
}

}  // namespace sightline::api
