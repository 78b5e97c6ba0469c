// SPDX-License-Identifier: Apache-2.0
#include "api/traces_api.h"

#include <cstddef>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "api/answers.h"
#include "api/body_writer.h"
#include "api/live_json.h"
#include "api/log_json.h"
#include "api/parameters.h"
#include "api/span_content.h"
#include "api/span_json.h"
#include "api/trace_json.h"
#include "base/json_writer.h"
#include "model/rope.h"
#include "normalize/messages.h"

namespace sightline::api {
namespace {

// Bodies of so many ids are loaded with one read.
constexpr std::size_t kMaxContentBytes = std::size_t{64} * 1024 * 1024;

void CollectBodyIds(const store::Rows& rows, std::unordered_set<std::uint64_t>& ids) {
  const auto add = [&](std::uint64_t id) { ids.insert(id); };
  for (const model::Span& span : rows->spans) {
    model::ForEachBodyId(span.content, add);
  }
  for (const model::LogRecord& log : rows->logs) {
    model::ForEachBodyId(log.content, add);
  }
}

// The conversation data of the root tell what the run was asked and what it answered.
void WriteRunData(const analytics::TraceView& view, const Bodies& bodies, base::JsonWriter& json) {
  constexpr std::size_t kRunDataBytes = std::size_t{16} * 1024;
  model::Conversation conversation;
  if (view.root != analytics::TraceView::kNone) {
    const model::Span& root = view.spans[view.root];
    const SpanDocument document(root, bodies);
    conversation = normalize::ExtractConversation(document.source(root.kind, root.dialect));
  }
  const auto last_text = [](const std::vector<model::Message>& messages) -> std::string {
    for (auto message = messages.rbegin(); message != messages.rend(); ++message) {
      for (const model::MessagePart& part : message->parts) {
        if (part.type == "text" && !part.content.empty()) {
          return part.content;
        }
      }
    }
    return {};
  };
  const auto write = [&](std::string_view key, const std::string& data, std::string fallback) {
    const std::string& text = data.empty() ? fallback : data;
    json.Key(key);
    if (text.empty()) {
      json.Null();
    } else {
      json.String(std::string_view(text).substr(0, kRunDataBytes));
    }
  };
  write("input_data", conversation.input_data, last_text(conversation.input));
  write("output_data", conversation.output_data, last_text(conversation.output));
}

}  // namespace

store::SpanStore::Deadline TracesApi::Deadline() const {
  return std::chrono::steady_clock::now() +
         std::chrono::duration_cast<std::chrono::steady_clock::duration>(options_.query_timeout);
}

base::Result<query::TraceQuery> TracesApi::QueryOf(const net::HttpRequest& request) const {
  const Parameters parameters(request.query);
  query::TraceQuery query;
  query.workflow_id = parameters.Text("workflow_id");
  query.execution_id = parameters.Text("execution_id");
  query.agent = parameters.Text("agent");
  query.session_id = parameters.Text("session_id");
  query.user_id = parameters.Text("user_id");
  query.model = parameters.Text("model");
  query.service = parameters.Text("service");
  query.text = parameters.Text("q").value_or("");
  query.has_error = TRY(parameters.Bool("has_error"));
  query.min_duration_ns = TRY(parameters.Seconds("min_duration"));
  query.max_duration_ns = TRY(parameters.Seconds("max_duration"));
  query.start_time_ns = TRY(parameters.Time("start_time"));
  query.end_time_ns = TRY(parameters.Time("end_time"));
  query.limit = TRY(parameters.Limit(100, 1000));
  if (const auto status = parameters.Text("status")) {
    query.status = model::ParseRunStatus(*status);
    if (!query.status) {
      return base::Error(base::Code::kInvalidArgument,
                         "bad parameter status: running, completed, failed, cancelled or "
                         "abandoned expected");
    }
  }
  if (const auto cursor = parameters.Text("cursor")) {
    query.cursor = query::TraceCursor::Parse(*cursor);
    if (!query.cursor) {
      return base::Error(base::Code::kInvalidArgument,
                         "bad parameter cursor: a next_cursor of this list expected");
    }
  }
  query.now_ns = clock_.NowNs();
  query.idle_limit_ns = options_.idle_limit.count();
  return query;
}

base::Result<std::string> TracesApi::ListJson(const net::HttpRequest& request) const {
  const query::TraceQuery query = TRY(QueryOf(request));
  const store::TracePage page = TRY(store_.ListTraces(query, Deadline()));
  std::vector<model::TraceId> ids;
  for (const store::TracePage::Item& item : page.items) {
    ids.push_back(item.trace_id);
  }
  const store::Rows rows = TRY(store_.FetchSummaries(ids, Deadline()));
  std::unordered_map<model::TraceId, std::vector<model::Span>, model::TraceIdHasher> by_trace;
  for (const model::Span& span : rows->spans) {
    by_trace[span.trace_id].push_back(span);
  }
  base::JsonWriter json;
  json.BeginObject().Key("traces").BeginArray();
  for (const store::TracePage::Item& item : page.items) {
    const analytics::TraceView view =
        analytics::AssembleTrace(by_trace[item.trace_id], {.now_ns = query.now_ns,
                                                           .last_received_ns = item.received_ns,
                                                           .idle_limit_ns = query.idle_limit_ns});
    if (view.spans.empty()) {
      continue;  // Deleted by retention between the two reads.
    }
    json.BeginObject();
    WriteTraceFields(view, json);
    WriteSignsOf(item.trace_id, json);
    WriteSteps(view, json);
    json.EndObject();
  }
  json.EndArray();
  json.Key("total").Uint(page.total);
  json.Key("next_cursor");
  if (page.has_more) {
    json.String(query::TraceCursor{.start_ns = page.items.back().start_ns,
                                   .trace_id = page.items.back().trace_id}
                    .ToText());
  } else {
    json.Null();
  }
  json.EndObject();
  return json.Take();
}

// By trace id, else by execution id.
base::Result<model::TraceId> TracesApi::TraceIdOf(std::string_view text) const {
  if (const auto id = model::TraceId::FromHex(text)) {
    return *id;
  }
  return store_.FindRun(text, Deadline());
}

base::Result<TracesApi::Loaded> TracesApi::Load(std::string_view id_text) const {
  const model::TraceId id = TRY(TraceIdOf(id_text));
  Loaded loaded{.rows = TRY(store_.FetchTrace(id, Deadline())), .view = {}};
  if (loaded.rows->spans.empty()) {
    return base::Error(base::Code::kNotFound, fmt::format("trace {} is not known", id_text));
  }
  loaded.view =
      analytics::AssembleTrace(loaded.rows->spans, {.now_ns = clock_.NowNs(),
                                                    .last_received_ns = loaded.rows->received_ns,
                                                    .idle_limit_ns = options_.idle_limit.count()});
  return loaded;
}

base::Result<Bodies> TracesApi::BodiesOf(std::string_view content) const {
  const std::vector<std::uint64_t> ids = BodyIdsOf(content);
  return store_.LoadBodies(ids, Deadline());
}

void TracesApi::WriteSignsOf(const model::TraceId& trace_id, base::JsonWriter& json) const {
  WriteSigns(live_ == nullptr ? std::vector<live::Sign>{} : live_->SignsOf(trace_id), json);
}

base::Result<std::string> TracesApi::TraceJson(std::string_view id_text) const {
  const Loaded loaded = TRY(Load(id_text));
  std::unordered_set<std::uint64_t> id_set;
  CollectBodyIds(loaded.rows, id_set);
  const std::vector<std::uint64_t> ids(id_set.begin(), id_set.end());
  const Bodies bodies = TRY(store_.LoadBodies(ids, Deadline()));
  base::JsonWriter json;
  json.BeginObject();
  WriteTraceFields(loaded.view, json);
  WriteSignsOf(loaded.view.summary.trace_id, json);
  BodyWriter body_writer(loaded.view.summary.trace_id.ToHex(), json);
  json.Key("spans").BeginArray();
  for (std::size_t i = 0; i < loaded.view.spans.size(); ++i) {
    WriteSpan(loaded.view, i, bodies, body_writer, losses_, json);
  }
  json.EndArray();
  WriteRunData(loaded.view, bodies, json);
  json.Key("error_message");
  const std::string_view error = loaded.view.summary.error_message;
  if (error.empty()) {
    json.Null();
  } else {
    json.String(error);
  }
  json.Key("logs").BeginArray();
  for (const model::LogRecord& log : loaded.rows->logs) {
    WriteLog(log, bodies, json);
  }
  json.EndArray();
  json.Key("repeated_spans").Uint(loaded.view.repeated_spans);
  json.Key("covered_log_events").Uint(loaded.view.covered_log_spans);
  json.EndObject();
  return json.Take();
}

base::Result<std::string> TracesApi::SpanJson(const net::HttpRequest& request) const {
  const Loaded loaded = TRY(Load(request.PathParameter("trace_id")));
  const auto span_id = model::SpanId::FromHex(request.PathParameter("span_id"));
  for (std::size_t i = 0; i < loaded.view.spans.size(); ++i) {
    if (span_id && loaded.view.spans[i].span_id == *span_id) {
      const Bodies bodies = TRY(BodiesOf(loaded.view.spans[i].content));
      base::JsonWriter json;
      BodyWriter body_writer(loaded.view.summary.trace_id.ToHex(), json);
      WriteSpan(loaded.view, i, bodies, body_writer, losses_, json);
      return json.Take();
    }
  }
  return base::Error(base::Code::kNotFound, "span is not known");
}

base::Result<std::string> TracesApi::Content(const net::HttpRequest& request) const {
  const Loaded loaded = TRY(Load(request.PathParameter("trace_id")));
  const auto span_id = model::SpanId::FromHex(request.PathParameter("span_id"));
  for (const model::Span& span : loaded.view.spans) {
    if (span_id && span.span_id == *span_id) {
      const Bodies bodies = TRY(BodiesOf(span.content));
      auto content = FindContent(span, bodies, request.query.Find("field").value_or(""),
                                 request.query.Find("key").value_or(""));
      if (content && content->size() <= kMaxContentBytes) {
        return std::move(*content);
      }
      break;
    }
  }
  return base::Error(base::Code::kNotFound, "content is not known");
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

net::HttpResponse TracesApi::GetContent(const net::HttpRequest& request) const {
  base::Result<std::string> content = Content(request);
  if (!content.has_value()) {
    return net::ErrorResponse(content.error());
  }
  // Text from outside: never to be run or guessed at by a browser.
  return {.body = std::move(*content),
          .content_type = "text/plain; charset=utf-8",
          .headers = {{"X-Content-Type-Options", "nosniff"}}};
}

}  // namespace sightline::api
