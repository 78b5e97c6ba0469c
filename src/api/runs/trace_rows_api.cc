// SPDX-License-Identifier: Apache-2.0
#include "api/runs/trace_rows_api.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <unordered_set>
#include <vector>

#include "analytics/bottlenecks/profiled_run.h"
#include "analytics/critical_path/critical_path.h"
#include "analytics/roll_up.h"
#include "api/kept/annotation_json.h"
#include "api/kept/score_json.h"
#include "api/request/answers.h"
#include "api/request/json_fields.h"
#include "api/request/parameters.h"
#include "api/runs/span_document.h"
#include "api/runs/span_json.h"
#include "api/runs/span_preview.h"
#include "api/runs/trace_json.h"
#include "base/json_writer.h"
#include "model/rope.h"
#include "normalize/messages.h"

namespace sightline::api {
namespace {

// What the run waited for and which spans did the work, by span.
struct Times {
  std::vector<std::int64_t> self_ns;
  std::vector<std::int64_t> critical_ns;  // Empty while the run goes on.
};

Times TimesOf(const analytics::TraceView& view) {
  Times times;
  const std::optional<analytics::ProfiledRun> run = analytics::ProfileRun(view);
  if (!run) {
    return times;
  }
  times.self_ns = analytics::SelfTimes(run->times);
  times.critical_ns.resize(view.spans.size());
  const analytics::SpanTree tree(run->times, run->root);
  for (const analytics::PathSection& section : analytics::FindCriticalPath(tree).sections) {
    times.critical_ns[section.span] += section.time.end_ns - section.time.start_ns;
  }
  return times;
}

void WriteTimes(const Times& times, std::size_t i, base::JsonWriter& json) {
  if (times.self_ns.empty()) {
    json.Key("self_time").Null();
    json.Key("critical_time").Null();
    return;
  }
  WriteSeconds(json, "self_time", times.self_ns[i]);
  WriteSeconds(json, "critical_time", times.critical_ns[i]);
}

std::vector<std::uint64_t> BodiesOfPage(const LoadedTrace& loaded, std::size_t begin,
                                        std::size_t end) {
  std::unordered_set<std::uint64_t> ids;
  const auto add = [&](std::uint64_t id) { ids.insert(id); };
  for (std::size_t i = begin; i < end; ++i) {
    model::ForEachBodyId(loaded.view.spans[i].content, add);
    for (const model::LogRecord* log : loaded.logs.Of(loaded.view, i)) {
      model::ForEachBodyId(log->content, add);
    }
  }
  return {ids.begin(), ids.end()};
}

}  // namespace

base::Result<std::string> TraceRowsApi::Json(const net::HttpRequest& request) const {
  const Parameters parameters(request.query);
  const std::size_t limit = TRY(parameters.Limit(1000, 10'000));
  const LoadedTrace loaded = TRY(loader_.Load(request.PathParameter("trace_id")));
  const analytics::TraceView& view = loaded.view;
  const std::size_t begin = TRY(parameters.Offset(view.spans.size()));
  const std::size_t end = begin + std::min(limit, view.spans.size() - begin);
  const auto bodies = store_.LoadBodies(BodiesOfPage(loaded, begin, end), loader_.Deadline());
  if (!bodies.has_value()) {
    return bodies.error();
  }
  const std::vector<analytics::RollUp> roll_ups = analytics::RollUps(view);
  const Times times = TimesOf(view);
  base::JsonWriter json;
  json.BeginObject();
  WriteTraceFields(view, json);
  WriteScoresOf(meta_, {.trace_ids = {view.summary.trace_id.ToHex()}}, json);
  WriteAnnotationsOf(annotations_, view.summary.trace_id.ToHex(), json);
  json.Key("rows").BeginArray();
  for (std::size_t i = begin; i < end; ++i) {
    const model::Span& span = view.spans[i];
    const LogList logs = loaded.logs.Of(view, i);
    const SpanDocument document(span, logs, *bodies);
    if (document.missing_bodies() != 0) {
      losses_.Count(base::Loss::kContentMissing, document.missing_bodies());
    }
    const model::Conversation conversation =
        normalize::ExtractConversation(document.source(span.kind, span.dialect));
    json.BeginObject();
    WriteSpanHead(view, i, json);
    WriteRollUp(roll_ups[i], json);
    WriteTimes(times, i, json);
    WriteText(json, "input_preview", InputPreview(conversation));
    WriteText(json, "output_preview", OutputPreview(conversation));
    json.EndObject();
  }
  json.EndArray();
  json.Key("total_rows").Uint(view.spans.size());
  json.Key("next_cursor");
  if (end < view.spans.size()) {
    json.String(std::to_string(end));
  } else {
    json.Null();
  }
  json.EndObject();
  return json.Take();
}

net::HttpResponse TraceRowsApi::Get(const net::HttpRequest& request) const {
  return JsonAnswer(Json(request));
}

}  // namespace sightline::api
