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
#include "normalize/messages.h"

namespace sightline::api {
namespace {

bool IsStepRow(const model::Span& span) {
  return model::IsStep(span.kind) && !span.has_mark(model::Mark::kIsLogLike);
}

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

void WriteTraceFields(const analytics::TraceView& view, base::JsonWriter& json) {
  const analytics::TraceSummary& summary = view.summary;
  const std::string trace_id = summary.trace_id.ToHex();
  json.Key("trace_id").String(trace_id);
  json.Key("workflow_id").String(summary.workflow_id);
  json.Key("workflow_name")
      .String(summary.workflow_name.empty() ? summary.workflow_id : summary.workflow_name);
  json.Key("execution_id")
      .String(summary.execution_id_text.empty() ? trace_id : summary.execution_id_text);
  json.Key("name").String(summary.name);
  json.Key("status").String(model::RunStatusName(summary.status));
  json.Key("start_time").String(base::FormatTimeNs(summary.start_ns));
  WriteTime(json, "end_time", summary.end_ns);
  json.Key("duration");
  if (summary.end_ns == 0) {
    json.Null();
  } else {
    json.Double(static_cast<double>(summary.end_ns - summary.start_ns) / 1e9);
  }
  json.Key("span_count").Uint(summary.span_count);
  json.Key("step_count").Int(std::count_if(view.spans.begin(), view.spans.end(), IsStepRow));
  json.Key("error_count").Uint(summary.error_count);
  WriteText(json, "agent", summary.agent);
  WriteText(json, "service", summary.service);
  WriteText(json, "session_id", summary.session_id);
  WriteText(json, "user_id", summary.user_id);
  json.Key("models").BeginArray();
  for (const std::string_view model : summary.models) {
    json.String(model);
  }
  json.EndArray();
  const model::Usage& usage = summary.totals.usage;
  json.Key("total_tokens");
  if (usage.is_known()) {
    json.Int(usage.total != model::Usage::kUnknown
                 ? usage.total
                 : std::max<std::int64_t>(0, usage.input_total) +
                       std::max<std::int64_t>(0, usage.output_total));
  } else {
    json.Int(0);
  }
  WriteUsage(json, usage);
  WriteCost(json, summary.totals.cost_picodollars, summary.totals.cost_status);
  json.Key("model_calls").Uint(summary.totals.model_calls);
  json.Key("demo").Bool(summary.is_demo);
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
