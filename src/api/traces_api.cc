// SPDX-License-Identifier: Apache-2.0
#include "api/traces_api.h"

#include <cstddef>
#include <string>
#include <unordered_set>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "api/answers.h"
#include "api/live_json.h"
#include "api/log_json.h"
#include "api/parameters.h"
#include "api/run_filter.h"
#include "api/span_content.h"
#include "api/span_json.h"
#include "api/trace_json.h"
#include "base/json_writer.h"
#include "model/rope.h"

namespace sightline::api {
namespace {

ContentPlace PlaceOf(const net::HttpRequest& request) {
  return {.field = std::string(request.query.Find("field").value_or("")),
          .key = std::string(request.query.Find("key").value_or(""))};
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
  if (const auto cursor = parameters.Text("cursor")) {
    query.cursor = query::TraceCursor::Parse(*cursor);
    if (!query.cursor) {
      return base::Error(base::Code::kInvalidArgument,
                         "bad parameter cursor: a next_cursor of this list expected");
    }
  }
  if (const auto count = parameters.Text("count")) {
    if (*count != "exact") {
      return base::Error(base::Code::kInvalidArgument, "bad parameter count: exact expected");
    }
    query.counts_exactly = true;
  }
  return query;
}

base::Result<std::string> TracesApi::ListJson(const net::HttpRequest& request) const {
  const query::TraceQuery query = TRY(QueryOf(request));
  const bool with_steps = TRY(WithSteps(request));
  const store::RunPage page = TRY(store_.ListRuns(query, loader_.Deadline()));
  base::JsonWriter json;
  json.BeginObject().Key("traces").BeginArray();
  for (const model::RunRecord& run : page.runs) {
    json.BeginObject();
    WriteRunFields(run, json);
    WriteSignsOf(run.trace_id, json);
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
    json.String(query::TraceCursor{.start_ns = page.runs.back().start_ns,
                                   .trace_id = page.runs.back().trace_id}
                    .ToText());
  } else {
    json.Null();
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

base::Result<Bodies> TracesApi::BodiesOf(std::string_view content) const {
  const std::vector<std::uint64_t> ids = BodyIdsOf(content);
  return store_.LoadBodies(ids, loader_.Deadline());
}

base::Result<Bodies> TracesApi::BodiesOf(const model::Span& span, const LogList& logs) const {
  std::unordered_set<std::uint64_t> id_set;
  const auto add = [&](std::uint64_t id) { id_set.insert(id); };
  model::ForEachBodyId(span.content, add);
  for (const model::LogRecord* log : logs) {
    model::ForEachBodyId(log->content, add);
  }
  const std::vector<std::uint64_t> ids(id_set.begin(), id_set.end());
  return store_.LoadBodies(ids, loader_.Deadline());
}

void TracesApi::WriteSignsOf(const model::TraceId& trace_id, base::JsonWriter& json) const {
  WriteSigns(live_ == nullptr ? std::vector<live::Sign>{} : live_->SignsOf(trace_id), json);
}

base::Result<std::string> TracesApi::TraceJson(std::string_view id_text) const {
  const LoadedTrace loaded = TRY(loader_.Load(id_text));
  const Bodies bodies = TRY(loader_.LoadBodies(loaded));
  base::JsonWriter json;
  json.BeginObject();
  WriteTraceFields(loaded.view, json);
  WriteSignsOf(loaded.view.summary.trace_id, json);
  json.Key("spans").BeginArray();
  for (std::size_t i = 0; i < loaded.view.spans.size(); ++i) {
    WriteSpan(loaded.view, i, loaded.logs.Of(loaded.view, i), bodies, losses_, nullptr, nullptr,
              json);
  }
  json.EndArray();
  WriteRun(loaded.view, loaded.logs, bodies, json);
  json.Key("logs").BeginArray();
  for (const model::LogRecord& log : loaded.rows->logs) {
    WriteLog(log, bodies, losses_, json);
  }
  json.EndArray();
  json.Key("repeated_spans").Uint(loaded.view.repeated_spans);
  json.Key("covered_log_events").Uint(loaded.view.covered_log_spans);
  json.EndObject();
  return json.Take();
}

base::Result<std::size_t> TracesApi::FindSpan(const LoadedTrace& loaded,
                                              const net::HttpRequest& request) {
  const std::string_view id_text = request.PathParameter("span_id");
  const auto span_id = model::SpanId::FromHex(id_text);
  for (std::size_t i = 0; span_id && i < loaded.view.spans.size(); ++i) {
    if (loaded.view.spans[i].span_id == *span_id) {
      return i;
    }
  }
  return base::Error(base::Code::kNotFound, fmt::format("span {} is not known in trace {}", id_text,
                                                        request.PathParameter("trace_id")));
}

base::Result<std::string> TracesApi::SpanJson(const net::HttpRequest& request) const {
  const LoadedTrace loaded = TRY(loader_.Load(request.PathParameter("trace_id")));
  const std::size_t index = TRY(FindSpan(loaded, request));
  const LogList logs = loaded.logs.Of(loaded.view, index);
  const Bodies bodies = TRY(BodiesOf(loaded.view.spans[index], logs));
  base::JsonWriter json;
  WriteSpan(loaded.view, index, logs, bodies, losses_, &normalizer_, costs_, json);
  return json.Take();
}

base::Result<std::string> TracesApi::SpanContent(const net::HttpRequest& request) const {
  const LoadedTrace loaded = TRY(loader_.Load(request.PathParameter("trace_id")));
  const std::size_t index = TRY(FindSpan(loaded, request));
  const LogList logs = loaded.logs.Of(loaded.view, index);
  const Bodies bodies = TRY(BodiesOf(loaded.view.spans[index], logs));
  return FindContent(loaded.view.spans[index], logs, bodies, PlaceOf(request));
}

base::Result<std::string> TracesApi::LogContent(const net::HttpRequest& request) const {
  const store::Rows rows = TRY(loader_.RowsOf(request.PathParameter("trace_id")));
  const std::string_view log_id = request.PathParameter("log_id");
  for (const model::LogRecord& log : rows->logs) {
    if (LogId(log) == log_id) {
      const Bodies bodies = TRY(BodiesOf(log.content));
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
