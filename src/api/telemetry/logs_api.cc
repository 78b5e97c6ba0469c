// SPDX-License-Identifier: Apache-2.0
#include "api/telemetry/logs_api.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <unordered_set>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "api/request/answers.h"
#include "api/request/parameters.h"
#include "api/request/period.h"
#include "api/request/query_deadline.h"
#include "api/telemetry/log_json.h"
#include "base/json_writer.h"
#include "model/rope.h"

namespace sightline::api {
namespace {

// The store makes a pattern of the text, with some states for each character.
constexpr std::size_t kMaxSearchBytes = 1000;

template <typename Id>
base::Result<std::optional<Id>> IdOf(const Parameters& parameters, std::string_view name) {
  const auto text = parameters.Text(name);
  if (!text) {
    return std::optional<Id>();
  }
  const auto id = Id::FromHex(*text);
  if (!id) {
    return base::Error(base::Code::kInvalidArgument,
                       fmt::format("bad parameter {}: {} hexadecimal digits expected", name,
                                   2 * Id().view().size()));
  }
  return id;
}

// The least severity that is asked for; 0 when the parameter is absent.
base::Result<std::uint8_t> SeverityOf(const Parameters& parameters, std::string_view name) {
  const auto level = parameters.Text(name);
  if (!level) {
    return std::uint8_t{0};
  }
  const auto severity = LeastSeverityOf(*level);
  if (!severity) {
    return base::Error(
        base::Code::kInvalidArgument,
        fmt::format("bad parameter {}: trace, debug, info, warning, error or fatal expected",
                    name));
  }
  return *severity;
}

base::Result<query::LogQuery> QueryOf(const net::HttpRequest& request) {
  const Parameters parameters(request.query);
  query::LogQuery query;
  query.trace_id = TRY(IdOf<model::TraceId>(parameters, "trace_id"));
  query.span_id = TRY(IdOf<model::SpanId>(parameters, "span_id"));
  query.service = parameters.Text("service");
  query.session_id = parameters.Text("session_id");
  query.event_name = parameters.Text("event_name");
  query.text = parameters.Text("q").value_or("");
  const Between between = TRY(Between::Read(parameters));
  query.start_time_ns = between.start_ns;
  query.end_time_ns = between.end_ns;
  query.limit = TRY(parameters.Limit(100, 1000));
  query.min_severity = TRY(SeverityOf(parameters, "min_level"));
  if (query.text.size() > kMaxSearchBytes) {
    return base::Error(base::Code::kInvalidArgument,
                       fmt::format("bad parameter q: at most {} bytes expected", kMaxSearchBytes));
  }
  if (const auto cursor = parameters.Text("cursor")) {
    query.cursor = query::LogCursor::Parse(*cursor);
    if (!query.cursor) {
      return base::Error(base::Code::kInvalidArgument,
                         "bad parameter cursor: a next_cursor of this list expected");
    }
  }
  return query;
}

}  // namespace

base::Result<Bodies> LogsApi::BodiesOf(const LogList& logs,
                                       store::SpanStore::Deadline deadline) const {
  std::unordered_set<std::uint64_t> ids;
  for (const model::LogRecord* log : logs) {
    model::ForEachBodyId(log->content, [&](std::uint64_t id) { ids.insert(id); });
  }
  const std::vector<std::uint64_t> wanted(ids.begin(), ids.end());
  return store_.LoadBodies(wanted, deadline);
}

base::Result<std::string> LogsApi::ListJson(const net::HttpRequest& request) const {
  const query::LogQuery query = TRY(QueryOf(request));
  const auto deadline = DeadlineAfter(query_timeout_);
  const store::LogPage page = TRY(store_.ListLogs(query, deadline));
  LogList logs;
  for (const model::LogRecord& log : page.rows->logs) {
    logs.push_back(&log);
  }
  const base::Result<Bodies> bodies = BodiesOf(logs, deadline);
  if (!bodies.has_value()) {
    return bodies.error();
  }
  base::JsonWriter json;
  json.BeginObject().Key("logs").BeginArray();
  for (const model::LogRecord& log : page.rows->logs) {
    WriteListedLog(log, *bodies, losses_, json);
  }
  json.EndArray().Key("next_cursor");
  if (page.has_more) {
    const model::LogRecord& last = page.rows->logs.back();
    json.String(query::LogCursor{.time_ns = last.time_ns, .key = model::LogKey(last)}.ToText());
  } else {
    json.Null();
  }
  json.EndObject();
  return json.Take();
}

base::Result<std::string> LogsApi::OfRunJson(const net::HttpRequest& request) const {
  const std::uint8_t least = TRY(SeverityOf(Parameters(request.query), "log_level"));
  const store::Rows rows = TRY(loader_.RowsOf(request.PathParameter("execution_id")));
  LogList logs;
  std::unordered_set<std::uint64_t> known;
  for (const model::LogRecord& log : rows->logs) {
    if (log.severity >= least && known.insert(model::LogKey(log)).second) {
      logs.push_back(&log);
    }
  }
  std::stable_sort(logs.begin(), logs.end(),
                   [](const auto* a, const auto* b) { return a->time_ns < b->time_ns; });
  const base::Result<Bodies> bodies = BodiesOf(logs, loader_.Deadline());
  if (!bodies.has_value()) {
    return bodies.error();
  }
  base::JsonWriter json;
  json.BeginArray();
  for (const model::LogRecord* log : logs) {
    WriteRunLog(*log, *bodies, losses_, json);
  }
  json.EndArray();
  return json.Take();
}

net::HttpResponse LogsApi::OfRun(const net::HttpRequest& request) const {
  return JsonAnswer(OfRunJson(request));
}

net::HttpResponse LogsApi::List(const net::HttpRequest& request) const {
  return JsonAnswer(ListJson(request));
}

}  // namespace sightline::api
