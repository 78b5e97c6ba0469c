// SPDX-License-Identifier: Apache-2.0
#include "api/trace_json.h"

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>

#include "api/body_writer.h"
#include "api/conversation_json.h"
#include "api/json_fields.h"
#include "api/span_json.h"
#include "base/check.h"
#include "base/time_text.h"
#include "model/saturating.h"
#include "normalize/messages.h"

namespace sightline::api {
namespace {

model::Conversation ConversationOf(const analytics::TraceView& view, std::size_t index,
                                   const SpanLogs& logs, const Bodies& bodies) {
  const model::Span& span = view.spans[index];
  const SpanDocument document(span, logs.Of(view, index), bodies);
  return normalize::ExtractConversation(document.source(span.kind, span.dialect));
}

bool HasOutput(const model::Conversation& conversation) {
  return !conversation.output.empty() || !conversation.output_data.empty();
}

// The output of the model call that began last and has one.
void WriteLastAnswer(const analytics::TraceView& view, const SpanLogs& logs, const Bodies& bodies,
                     base::JsonWriter& json) {
  for (std::size_t i = view.spans.size(); i-- > 0;) {
    const model::Span& span = view.spans[i];
    if (!model::IsModelCall(span.kind)) {
      continue;
    }
    if (const auto conversation = ConversationOf(view, i, logs, bodies); HasOutput(conversation)) {
      BodyWriter body_writer(SpanUrl(span.trace_id, span.span_id), json);
      WriteRunOutput(conversation, body_writer, json);
      return;
    }
  }
  json.Key("output_data").Null();
}

}  // namespace

bool IsStepRow(const model::Span& span) {
  return model::IsStep(span.kind) && !span.has_mark(model::Mark::kIsLogLike);
}

void WriteRunFields(const model::RunRecord& run, base::JsonWriter& json) {
  json.Key("trace_id").String(run.trace_id.ToHex());
  json.Key("workflow_id").String(run.workflow_id);
  json.Key("workflow_name").String(run.workflow_name.empty() ? run.workflow_id : run.workflow_name);
  json.Key("execution_id").String(run.execution_id());
  json.Key("name").String(run.name);
  json.Key("status").String(model::RunStatusName(run.status));
  json.Key("start_time").String(base::FormatTimeNs(run.start_ns));
  WriteTime(json, "end_time", run.ended_ns());
  json.Key("duration");
  if (run.ended_ns() == 0) {
    json.Null();
  } else {
    json.Double(static_cast<double>(model::DurationNs(run.start_ns, run.end_ns)) / 1e9);
  }
  json.Key("span_count").Uint(run.span_count);
  json.Key("step_count").Uint(run.step_count + run.open_steps);
  json.Key("error_count").Uint(run.error_count);
  WriteText(json, "agent", run.agent);
  WriteText(json, "service", run.service);
  WriteText(json, "session_id", run.session_id);
  WriteText(json, "user_id", run.user_id);
  json.Key("models").BeginArray();
  for (const std::string& model : run.models) {
    json.String(model);
  }
  json.EndArray();
  const model::Usage& usage = run.usage;
  json.Key("total_tokens").Int(TotalTokens(usage));
  WriteUsage(json, usage);
  WriteCost(json, run.cost.picodollars, run.cost_status);
  json.Key("model_calls").Uint(run.model_calls);
  json.Key("demo").Bool(run.is_demo);
}

void WriteTraceFields(const analytics::TraceView& view, base::JsonWriter& json) {
  const analytics::TraceSummary& summary = view.summary;
  model::RunRecord run;
  run.trace_id = summary.trace_id;
  run.workflow_id = summary.workflow_id;
  run.workflow_name = summary.workflow_name;
  run.run_id = summary.execution_id_text;
  run.name = summary.name;
  run.status = summary.status;
  run.start_ns = summary.start_ns;
  run.end_ns = summary.end_ns;
  run.span_count = static_cast<std::uint32_t>(summary.span_count);
  run.step_count =
      static_cast<std::uint32_t>(std::count_if(view.spans.begin(), view.spans.end(), IsStepRow));
  run.error_count = static_cast<std::uint32_t>(summary.error_count);
  run.agent = summary.agent;
  run.service = summary.service;
  run.session_id = summary.session_id;
  run.user_id = summary.user_id;
  run.models.assign(summary.models.begin(), summary.models.end());
  run.usage = summary.totals.usage;
  run.cost.picodollars = summary.totals.cost_picodollars;
  run.cost_status = summary.totals.cost_status;
  run.model_calls = static_cast<std::uint32_t>(summary.totals.model_calls);
  run.is_demo = summary.is_demo;
  WriteRunFields(run, json);
}

void WriteSteps(const analytics::TraceView& view, base::JsonWriter& json) {
  json.Key("spans").BeginArray();
  std::size_t steps = 0;
  for (std::size_t i = 0; i < view.spans.size() && steps < kMaxListSteps; ++i) {
    const model::Span& span = view.spans[i];
    if (!IsStepRow(span)) {
      continue;
    }
    ++steps;
    json.BeginObject();
    WriteSpanHead(view, i, json);
    json.EndObject();
  }
  json.EndArray();
}

void WriteRun(const analytics::TraceView& view, const SpanLogs& logs, const Bodies& bodies,
              base::JsonWriter& json) {
  CHECK(view.root != analytics::TraceView::kNone);
  const model::Span& root = view.spans[view.root];
  const model::Conversation conversation = ConversationOf(view, view.root, logs, bodies);
  BodyWriter root_bodies(SpanUrl(root.trace_id, root.span_id), json);
  WriteRunInput(conversation, root_bodies, json);
  if (!HasOutput(conversation) && root.has_mark(model::Mark::kFromLog)) {
    WriteLastAnswer(view, logs, bodies, json);
  } else {
    WriteRunOutput(conversation, root_bodies, json);
  }
  WriteErrorMessage(root, json);
}

}  // namespace sightline::api
