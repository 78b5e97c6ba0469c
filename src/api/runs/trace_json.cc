// SPDX-License-Identifier: Apache-2.0
#include "api/runs/trace_json.h"

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "api/request/body_writer.h"
#include "api/request/json_fields.h"
#include "api/runs/run_content.h"
#include "api/runs/span_json.h"
#include "base/time_text.h"
#include "model/saturating.h"

namespace sightline::api {
namespace {

void WriteNames(std::string_view key, const std::vector<std::string>& names,
                base::JsonWriter& json) {
  json.Key(key).BeginArray();
  for (const std::string& name : names) {
    json.String(name);
  }
  json.EndArray();
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
  WriteText(json, "version", run.version);
  WriteText(json, "environment", run.environment);
  WriteNames("tags", run.tags, json);
  WriteNames("prompt_versions", run.prompt_versions, json);
  WriteNames("models", run.models, json);
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
  run.version = summary.version;
  run.environment = summary.environment;
  run.tags = summary.tags;
  run.prompt_versions = summary.prompt_versions;
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
  const Content content = ContentOfRun(view, logs, bodies, BodyWriter::Length::kCut);
  json.Key("input_data").Raw(content.input);
  json.Key("output_data").Raw(content.output);
  WriteErrorMessage(view.spans[view.root], json);
}

}  // namespace sightline::api
