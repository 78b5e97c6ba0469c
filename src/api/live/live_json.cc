// SPDX-License-Identifier: Apache-2.0
#include "api/live/live_json.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <string_view>

#include "api/request/json_fields.h"
#include "base/time_text.h"
#include "model/outcome.h"
#include "model/run_status.h"
#include "model/saturating.h"

namespace sightline::api {
namespace {

constexpr double kNsPerSecond = 1e9;

double Round(double value, double digits) {
  return std::round(value * digits) / digits;
}

std::string_view HealthStatus(const live::Figures& figures, double success_rate) {
  if (figures.runs.total() == 0) {
    return "healthy";
  }
  const bool has_finished = figures.runs.completed + figures.runs.failed > 0;
  if (figures.failed_last_day >= 5 || figures.failed_steps_last_day >= 10 ||
      (has_finished && success_rate < 80)) {
    return "critical";
  }
  if (figures.failed_last_day >= 2 || figures.failed_steps_last_day >= 5 ||
      (has_finished && success_rate < 90)) {
    return "warning";
  }
  return "healthy";
}

void WriteExecutionTime(const live::RunSummary& run, base::JsonWriter& json) {
  json.Key("execution_time");
  if (run.end_ns == 0) {
    json.Null();
  } else {
    json.Double(static_cast<double>(model::DurationNs(run.start_ns, run.end_ns)) / kNsPerSecond);
  }
}

void WriteStep(const live::StepSnapshot& step, base::JsonWriter& json) {
  json.BeginObject();
  json.Key("step_id").String(step.span_id.ToHex());
  WriteText(json, "parent_step_id",
            step.parent_span_id.is_zero() ? "" : step.parent_span_id.ToHex());
  json.Key("step_name").String(step.name);
  WriteText(json, "agent_id", step.agent);
  json.Key("kind").String(model::SpanKindName(step.kind));
  json.Key("status").String(model::RunStatusName(step.status));
  json.Key("started_at").String(base::FormatTimeNs(step.start_ns));
  WriteTime(json, "completed_at", step.end_ns);
  WriteText(json, "error_message", step.error_message);
  json.EndObject();
}

}  // namespace

void WriteHealth(const live::Figures& figures, base::JsonWriter& json) {
  const live::RunCounts& runs = figures.runs;
  const double success_rate = Percent(runs.completed, runs.completed + runs.failed);
  json.BeginObject();
  json.Key("total_agents").Uint(figures.agents);
  json.Key("active_agents").Uint(figures.active_agents);
  json.Key("total_workflows").Uint(figures.workflows);
  json.Key("active_workflows").Uint(figures.active_workflows);
  json.Key("total_executions").Int(runs.total());
  json.Key("running_executions").Int(runs.running);
  json.Key("completed_executions").Int(runs.completed);
  json.Key("failed_executions").Int(runs.failed);
  json.Key("cancelled_executions").Int(runs.cancelled);
  json.Key("abandoned_executions").Int(runs.abandoned);
  json.Key("success_rate").Double(success_rate);
  const double seconds = runs.completed_seconds();
  json.Key("avg_execution_time")
      .Double(runs.completed <= 0 ? 0.0
                                  : Round(seconds / static_cast<double>(runs.completed), 1e6));
  json.Key("recent_failed_executions_24h").Int(figures.failed_last_day);
  json.Key("recent_failed_steps_24h").Int(figures.failed_steps_last_day);
  json.Key("health_status").String(HealthStatus(figures, success_rate));
  json.Key("is_catching_up").Bool(figures.is_catching_up);
  json.EndObject();
}

void WriteRealTime(const live::Figures& figures, const live::Rates::Snapshot& rates,
                   const HostFigures& host, base::JsonWriter& json) {
  json.BeginObject();
  json.Key("running_executions").Int(figures.runs.running);
  json.Key("recent_executions").Int(figures.started_last_five_minutes);
  json.Key("active_steps").Int(figures.runs.open_steps);
  json.Key("failed_executions_last_hour").Int(figures.failed_last_hour);
  json.Key("system_load")
      .String(figures.failed_last_hour > 3 || figures.runs.running > 10 ? "high" : "normal");
  json.Key("spans_per_second").Double(rates.spans_per_second);
  json.Key("tokens_per_minute").Int(rates.tokens_per_minute);
  json.Key("cost_per_hour").Pico(rates.cost_per_hour_picodollars);
  json.Key("unpriced_calls_per_hour").Int(rates.unpriced_calls_per_hour);
  // What waits now may be later than all that came through.
  json.Key("ingest_lag_ms").Double(Round(std::max(rates.ingest_lag_ms, figures.lag_ms), 1000));
  json.Key("host").BeginObject();
  json.Key("cpu_percent").Double(Round(host.cpu_percent, 100));
  json.Key("memory_percent").Double(Round(host.memory_percent, 100));
  json.Key("load1").Double(host.load1);
  json.EndObject();
  json.EndObject();
}

void WriteSigns(const std::vector<live::Sign>& signs, base::JsonWriter& json) {
  json.Key("signs").BeginArray();
  for (const live::Sign& sign : signs) {
    json.BeginObject();
    json.Key("kind").String(live::SignKindName(sign.kind));
    WriteText(json, "span_id", sign.span_id.is_zero() ? "" : sign.span_id.ToHex());
    json.Key("message").String(sign.message);
    json.Key("raised_at").String(base::FormatTimeNs(sign.raised_ns));
    json.EndObject();
  }
  json.EndArray();
}

std::string StatusUpdate(const live::RunSnapshot& snapshot) {
  const live::RunSummary& run = snapshot.summary;
  base::JsonWriter json;
  json.BeginObject();
  json.Key("type").String("status_update");
  json.Key("execution_id").String(run.execution_id);
  json.Key("trace_id").String(run.trace_id.ToHex());
  json.Key("workflow_id").String(run.workflow_id);
  json.Key("status").String(model::RunStatusName(run.status));
  json.Key("started_at").String(base::FormatTimeNs(run.start_ns));
  WriteTime(json, "completed_at", run.end_ns);
  WriteExecutionTime(run, json);
  WriteText(json, "error_message", run.error_message);
  json.Key("steps").BeginArray();
  for (const live::StepSnapshot& step : snapshot.steps) {
    WriteStep(step, json);
  }
  json.EndArray();
  WriteSigns(snapshot.signs, json);
  json.Key("skipped_steps").Uint(snapshot.skipped_steps);
  json.EndObject();
  return json.Take();
}

live::RunSnapshot SnapshotOf(const analytics::TraceView& view, std::int64_t last_received_ns) {
  const analytics::TraceSummary& trace = view.summary;
  live::RunSnapshot snapshot;
  live::RunSummary& run = snapshot.summary;
  run.trace_id = trace.trace_id;
  run.execution_id = trace.execution_id_text.empty() ? trace.trace_id.ToHex()
                                                     : std::string(trace.execution_id_text);
  run.workflow_id = trace.workflow_id;
  run.workflow_name = trace.workflow_name;
  run.agent = trace.agent;
  run.status = trace.status;
  run.start_ns = trace.start_ns;
  run.end_ns = trace.end_ns;
  run.error_message = trace.error_message;
  run.last_received_ns = last_received_ns;
  run.is_demo = trace.is_demo;
  for (const model::Span& span : view.spans) {
    if (!model::IsStep(span.kind) || span.has_mark(model::Mark::kIsLogLike)) {
      continue;
    }
    const bool has_ended = !span.has_mark(model::Mark::kPlaceholder);
    run.step_count += has_ended ? 1U : 0U;
    run.failed_steps += has_ended && span.has_error ? 1U : 0U;
    snapshot.steps.push_back(
        {.span_id = span.span_id,
         .parent_span_id = span.parent_span_id,
         .name = std::string(span.display_name.empty() ? span.name : span.display_name),
         .agent = std::string(span.agent_name.empty() ? span.agent_id : span.agent_name),
         .kind = span.kind,
         .status = model::StepStatus(has_ended, model::OutcomeOf(span), trace.status),
         .start_ns = span.start_ns,
         .end_ns = has_ended ? span.end_ns : 0,
         .error_message = std::string(span.error_message)});
  }
  if (snapshot.steps.size() > live::RunSnapshot::kMaxSteps) {
    snapshot.skipped_steps = snapshot.steps.size() - live::RunSnapshot::kMaxSteps;
    snapshot.steps.erase(
        snapshot.steps.begin(),
        snapshot.steps.end() - static_cast<std::ptrdiff_t>(live::RunSnapshot::kMaxSteps));
  }
  return snapshot;
}

void WriteRecentExecution(const live::RunSummary& run, base::JsonWriter& json) {
  json.BeginObject();
  json.Key("execution_id").String(run.execution_id);
  json.Key("trace_id").String(run.trace_id.ToHex());
  json.Key("workflow_id").String(run.workflow_id);
  json.Key("workflow_name").String(run.workflow_name.empty() ? run.workflow_id : run.workflow_name);
  json.Key("status").String(model::RunStatusName(run.status));
  json.Key("started_at").String(base::FormatTimeNs(run.start_ns));
  WriteTime(json, "completed_at", run.end_ns);
  WriteExecutionTime(run, json);
  json.Key("step_count").Uint(run.step_count + run.open_steps);
  json.Key("success_count").Uint(run.step_count - run.failed_steps);
  json.Key("failure_count").Uint(run.failed_steps);
  json.EndObject();
}

}  // namespace sightline::api
