// SPDX-License-Identifier: Apache-2.0
#include "api/analyses/blame_json.h"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "analytics/blame/attribute.h"
#include "api/request/json_fields.h"
#include "api/runs/span_document.h"
#include "api/runs/step_text.h"
#include "normalize/messages.h"

namespace sightline::api {
namespace {

namespace blame = analytics::blame;

model::Conversation ConversationOf(const RunWithBodies& run, std::size_t i) {
  const analytics::TraceView& view = run.trace.view;
  const SpanDocument document(view.spans[i], run.trace.logs.Of(view, i), run.bodies);
  return normalize::ExtractConversation(document.source(view.spans[i].kind, view.spans[i].dialect));
}

void WriteReasons(const std::vector<std::string>& reasons, base::JsonWriter& json) {
  json.Key("evidence").BeginArray();
  for (const std::string& reason : reasons) {
    json.String(reason);
  }
  json.EndArray();
}

}  // namespace

RecordedTrace RecordTrace(const RunWithBodies& run) {
  const analytics::TraceView& view = run.trace.view;
  RecordedTrace recorded;
  const auto add = [&](std::size_t i, blame::RecordedStep step) {
    recorded.run.steps.push_back(std::move(step));
    recorded.spans.push_back(i);
  };
  if (view.root != analytics::TraceView::kNone) {
    recorded.run.task = SpokenInputOf(ConversationOf(run, view.root));
  }
  const std::vector<std::string_view> agents = analytics::AgentsOf(view);
  for (std::size_t i = 0; i < view.spans.size(); ++i) {
    const model::Span& span = view.spans[i];
    const std::string agent(agents[i]);
    if (model::IsModelCall(span.kind)) {
      add(i, {.agent = agent,
              .text = SpokenOutputOf(ConversationOf(run, i)),
              .is_error = span.has_error});
    } else if (span.kind == model::SpanKind::kTool) {
      const model::Conversation call = ConversationOf(run, i);
      const std::string tool(span.tool_name.empty() ? span.name : span.tool_name);
      add(i, {.agent = agent, .tool = tool, .arguments = InputTextOf(call)});
      add(i, {.agent = "Tool",
              .text = span.has_error && call.output_data.empty() ? std::string(span.error_message)
                                                                 : OutputTextOf(call),
              .tool = tool,
              .is_error = span.has_error});
    }
  }
  return recorded;
}

void WriteBlame(const RunWithBodies& run, base::JsonWriter& json) {
  const RecordedTrace recorded = RecordTrace(run);
  const blame::Attribution attribution = blame::Attribute(recorded.run);
  const auto write_span = [&](std::size_t step) {
    json.Key("span_id").String(run.trace.view.spans[recorded.spans[step]].span_id.ToHex());
  };
  json.BeginObject();
  json.Key("trace_id").String(run.trace.view.summary.trace_id.ToHex());
  WriteText(json, "agent", attribution.agent.value_or(""));
  if (attribution.step) {
    write_span(*attribution.step);
  } else {
    json.Key("span_id").Null();
  }
  WriteText(json, "unknown_because", attribution.unknown_because);
  json.Key("suspects").BeginArray();
  for (const blame::SuspectedStep& suspect : attribution.steps) {
    json.BeginObject();
    write_span(suspect.step);
    WriteText(json, "agent", suspect.agent);
    json.Key("probability").Double(suspect.probability);
    WriteReasons(suspect.reasons, json);
    json.EndObject();
  }
  json.EndArray().EndObject();
}

}  // namespace sightline::api
