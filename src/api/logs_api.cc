// SPDX-License-Identifier: Apache-2.0
#include "api/logs_api.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <unordered_set>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "api/answers.h"
#include "api/log_json.h"
#include "api/parameters.h"
#include "api/query_deadline.h"
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

base::Result<query::LogQuery> QueryOf(const net::HttpRequest& request) {
  const Parameters parameters(request.query);
  query::LogQuery query;
  query.trace_id = TRY(IdOf<model::TraceId>(parameters, "trace_id"));
  query.span_id = TRY(IdOf<model::SpanId>(parameters, "span_id"));
  query.service = parameters.Text("service");
  query.session_id = parameters.Text("session_id");
  query.event_name = parameters.Text("event_name");
  query.text = parameters.Text("q").value_or("");
  query.start_time_ns = TRY(parameters.Time("start_time"));
  query.end_time_ns = TRY(parameters.Time("end_time"));
  query.limit = TRY(parameters.Limit(100, 1000));
  if (query.text.size() > kMaxSearchBytes) {
    return base::Error(base::Code::kInvalidArgument,
                       fmt::format("bad parameter q: at most {} bytes expected", kMaxSearchBytes));
  }
  if (const auto level = parameters.Text("min_level")) {
    const auto severity = LeastSeverityOf(*level);
    if (!severity) {
      return base::Error(base::Code::kInvalidArgument,
                         "bad parameter min_level: trace, debug, info, warning, error or fatal "
                         "expected");
    }
    query.min_severity = *severity;
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

base::Result<std::string> LogsApi::ListJson(const net::HttpRequest& request) const {
  const query::LogQuery query = TRY(QueryOf(request));
  const auto deadline = DeadlineAfter(query_timeout_);
  const store::LogPage page = TRY(store_.ListLogs(query, deadline));
  std::unordered_set<std::uint64_t> ids;
  for (const model::LogRecord& log : page.rows->logs) {
    model::ForEachBodyId(log.content, [&](std::uint64_t id) { ids.insert(id); });
  }
  const std::vector<std::uint64_t> wanted(ids.begin(), ids.end());
  const auto bodies = store_.LoadBodies(wanted, deadline);
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

net::HttpResponse LogsApi::List(const net::HttpRequest& request) const {
  return JsonAnswer(ListJson(request));
}

}  // namespace sightline::api
