// SPDX-License-Identifier: Apache-2.0
#include "api/runs/executions_api.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "api/request/answers.h"
#include "api/request/json_fields.h"
#include "api/request/query_deadline.h"
#include "api/runs/execution_figures.h"
#include "api/runs/known_workflow.h"
#include "api/telemetry/resource_json.h"
#include "base/time_text.h"
#include "model/run_status.h"

namespace sightline::api {
namespace {

constexpr double kNoNumber = std::numeric_limits<double>::quiet_NaN();

using query::FactKey;
using query::FactSums;

constexpr std::size_t kRunsInMetrics = 50;
constexpr std::size_t kRunsInReport = 10;
constexpr std::size_t kMostCompared = 20;

void WriteDuration(std::string_view name, const model::RunRecord& run, base::JsonWriter& json) {
  if (run.ended_ns() == 0) {
    json.Key(name).Null();
  } else {
    WriteSeconds(json, name, model::DurationNs(run.start_ns, run.end_ns));
  }
}

void WriteRun(const model::RunRecord& run, base::JsonWriter& json) {
  json.BeginObject();
  json.Key("execution_id").String(run.execution_id());
  json.Key("trace_id").String(run.trace_id.ToHex());
  json.Key("workflow_id").String(run.workflow_id);
  json.Key("status").String(model::RunStatusName(run.status));
  json.Key("created_at").String(base::FormatTimeNs(run.start_ns));
  json.Key("started_at").String(base::FormatTimeNs(run.start_ns));
  WriteTime(json, "completed_at", run.ended_ns());
  WriteDuration("execution_time", run, json);
  json.EndObject();
}

void WriteReportedRun(const model::RunRecord& run, base::JsonWriter& json) {
  json.BeginObject();
  json.Key("execution_id").String(run.execution_id());
  json.Key("trace_id").String(run.trace_id.ToHex());
  json.Key("status").String(model::RunStatusName(run.status));
  json.Key("started_at").String(base::FormatTimeNs(run.start_ns));
  WriteTime(json, "completed_at", run.ended_ns());
  WriteDuration("duration", run, json);
  json.Key("step_count").Uint(run.step_count);
  json.Key("failed_steps").Uint(run.failed_steps);
  json.EndObject();
}

}  // namespace

base::Result<ExecutionsApi::Scope> ExecutionsApi::ScopeOf(const net::HttpRequest& request) const {
  const Parameters parameters(request.query);
  Scope scope{.period = TRY(Period::Read(parameters, clock_, 30)), .facts = {}};
  scope.facts.start_time_ns = scope.period.start_ns;
  scope.facts.end_time_ns = scope.period.end_ns;
  if (const auto workflow_id = parameters.Text("workflow_id")) {
    TRY(ExpectWorkflow(store_, *workflow_id, DeadlineAfter(query_timeout_)));
    scope.facts.filter(FactKey::kWorkflow) = workflow_id;
  }
  return scope;
}

base::Result<ExecutionsApi::Scope> ExecutionsApi::ScopeOfWorkflow(
    const net::HttpRequest& request) const {
  Scope scope = TRY(ScopeOf(request));
  const std::string workflow_id(request.PathParameter("workflow_id"));
  scope.facts.filter(FactKey::kWorkflow) = workflow_id;
  TRY(ExpectWorkflow(store_, workflow_id, DeadlineAfter(query_timeout_)));
  return scope;
}

query::FactQuery ExecutionsApi::Scope::RunsBy(FactKey key) const {
  query::FactQuery query = facts;
  query.of_runs = true;
  query.by = {key};
  return query;
}

query::FactQuery ExecutionsApi::Scope::RunsByDay() const {
  query::FactQuery query = facts;
  query.of_runs = true;
  query.bucket_ns = Period::kDayNs;
  query.bucket_offset_ns = -period.utc_offset_ns;
  return query;
}

query::FactQuery ExecutionsApi::Scope::StepsBy(FactKey key) const {
  query::FactQuery query = facts;
  query.by = {key};
  return query;
}

base::Result<std::vector<store::FactAnswer>> ExecutionsApi::Sum(
    const std::vector<query::FactQuery>& queries) const {
  return store_.SumFacts(queries, DeadlineAfter(query_timeout_));
}

base::Result<store::RunPage> ExecutionsApi::NewestRuns(const Scope& scope,
                                                       std::size_t limit) const {
  return store_.ListRuns({.workflow_id = scope.facts.filter(FactKey::kWorkflow),
                          .start_time_ns = scope.period.start_ns,
                          .end_time_ns = scope.period.end_ns,
                          .limit = limit},
                         DeadlineAfter(query_timeout_));
}

base::Result<void> ExecutionsApi::WriteRunMetrics(const Scope& scope, const StatusSums& runs,
                                                  const store::FactAnswer& by_day,
                                                  base::JsonWriter& json) const {
  json.Key("total_executions").Int(runs.total.count);
  json.Key("success_rate").Double(runs.success_percent());
  json.Key("average_duration").Double(runs.average_seconds());
  WriteCounts("executions_by_status", runs.by_status, json);
  WriteRunsByDay(scope.period, by_day, json);
  const store::RunPage newest = TRY(NewestRuns(scope, kRunsInMetrics));
  json.Key("executions").BeginArray();
  for (const model::RunRecord& run : newest.runs) {
    WriteRun(run, json);
  }
  json.EndArray();
  return {};
}

base::Result<SampleSize> ExecutionsApi::VisitNewest(const Scope& scope,
                                                    const VisitRun& visit) const {
  return VisitSample(store_, loader_,
                     {.workflow_id = scope.facts.filter(FactKey::kWorkflow),
                      .start_time_ns = scope.period.start_ns,
                      .end_time_ns = scope.period.end_ns},
                     kSampleRuns, visit);
}

base::Result<void> ExecutionsApi::WriteRunResources(const Scope& scope,
                                                    base::JsonWriter& json) const {
  ResourceSums runs;
  const auto add = [&](const store::Rows&, const analytics::TraceView& view,
                       const analytics::ProfiledRun&) -> base::Result<void> {
    runs.Add(ResourceUsageOf(view));
    return {};
  };
  const SampleSize size = TRY(VisitNewest(scope, add));
  json.Key("resource_usage").BeginObject();
  WriteAverage(json, "avg_memory_change_mb", runs, Resource::kMemoryChange);
  WriteAverage(json, "avg_cpu_change_percent", runs, Resource::kCpuChange);
  json.Key("reported_runs").BeginObject();
  for (const Resource resource : {Resource::kMemoryChange, Resource::kCpuChange}) {
    json.Key(ResourceName(resource)).Uint(runs.count(resource));
  }
  json.EndObject().EndObject();
  size.Write(json);
  return {};
}

base::Result<void> ExecutionsApi::WriteStepResources(const Scope& scope,
                                                     base::JsonWriter& json) const {
  StepResources steps;
  const auto add = [&](const store::Rows&, const analytics::TraceView& view,
                       const analytics::ProfiledRun& run) -> base::Result<void> {
    steps.Add(view, run);
    return {};
  };
  const SampleSize size = TRY(VisitNewest(scope, add));
  constexpr std::array kResources = {Resource::kMemoryUsage, Resource::kCpuUsage,
                                     Resource::kIoOperations, Resource::kNetworkRequests};
  for (const Resource resource : kResources) {
    WriteAverage(json, fmt::format("average_{}", ResourceName(resource)), steps.all(), resource);
  }
  json.Key("reported_steps").BeginObject();
  for (const Resource resource : kResources) {
    json.Key(ResourceName(resource)).Uint(steps.all().count(resource));
  }
  json.EndObject();
  size.Write(json);
  return {};
}

base::Result<std::string> ExecutionsApi::RunsJson(const net::HttpRequest& request) const {
  const Scope scope = TRY(ScopeOf(request));
  const auto answers = TRY(Sum({scope.RunsBy(FactKey::kStatus), scope.RunsByDay()}));
  base::JsonWriter json;
  json.BeginObject();
  TRY(WriteRunMetrics(scope, StatusSums(answers[0]), answers[1], json));
  json.EndObject();
  return json.Take();
}

base::Result<std::string> ExecutionsApi::EnhancedRunsJson(const net::HttpRequest& request) const {
  const Scope scope = TRY(ScopeOf(request));
  const auto answers = TRY(
      Sum({scope.RunsBy(FactKey::kStatus), scope.RunsByDay(), scope.StepsBy(FactKey::kStatus)}));
  const StatusSums runs(answers[0]);
  const FactSums steps = StatusSums(answers[2]).total;
  const auto per_run = [&](std::int64_t count) {
    return Average(static_cast<double>(count), runs.total.count);
  };
  base::JsonWriter json;
  json.BeginObject();
  TRY(WriteRunMetrics(scope, runs, answers[1], json));
  json.Key("average_step_count").Double(per_run(steps.count));
  json.Key("average_success_count").Double(per_run(steps.count - steps.failed));
  json.Key("average_failure_count").Double(per_run(steps.failed));
  TRY(WriteRunResources(scope, json));
  json.EndObject();
  return json.Take();
}

base::Result<std::string> ExecutionsApi::StepsJson(const net::HttpRequest& request,
                                                   bool is_enhanced) const {
  const Scope scope = TRY(ScopeOf(request));
  const auto answers = TRY(Sum({scope.StepsBy(FactKey::kStatus), scope.StepsBy(FactKey::kAgent)}));
  base::JsonWriter json;
  json.BeginObject();
  WriteStepMetrics(answers[0], answers[1], json);
  if (is_enhanced) {
    TRY(WriteStepResources(scope, json));
  }
  json.EndObject();
  return json.Take();
}

base::Result<std::string> ExecutionsApi::ReportJson(const net::HttpRequest& request) const {
  const Scope scope = TRY(ScopeOfWorkflow(request));
  const auto answers = TRY(Sum({scope.RunsBy(FactKey::kStatus), scope.RunsByDay(),
                                scope.StepsBy(FactKey::kStatus), scope.StepsBy(FactKey::kAgent)}));
  base::JsonWriter json;
  json.BeginObject();
  json.Key("workflow_id").String(request.PathParameter("workflow_id"));
  scope.period.Write(json);
  json.Key("workflow_metrics").BeginObject();
  TRY(WriteRunMetrics(scope, StatusSums(answers[0]), answers[1], json));
  json.EndObject();
  json.Key("step_metrics").BeginObject();
  WriteStepMetrics(answers[2], answers[3], json);
  json.EndObject();
  const store::RunPage newest = TRY(NewestRuns(scope, kRunsInReport));
  json.Key("recent_executions").BeginArray();
  for (const model::RunRecord& run : newest.runs) {
    WriteReportedRun(run, json);
  }
  json.EndArray().EndObject();
  return json.Take();
}

base::Result<std::string> ExecutionsApi::WorkflowJson(const net::HttpRequest& request) const {
  const Scope scope = TRY(ScopeOfWorkflow(request));
  query::FactQuery trends = scope.RunsByDay();
  trends.by = {FactKey::kStatus};
  query::FactQuery steps = scope.StepsBy(FactKey::kName);
  steps.with_latency = true;
  auto answers = TRY(Sum({trends, steps, scope.StepsBy(FactKey::kAgent)}));
  base::JsonWriter json;
  json.BeginObject();
  json.Key("workflow_id").String(request.PathParameter("workflow_id"));
  scope.period.Write(json);
  WriteTrends(scope.period, answers[0], json);
  WriteStepPerformance(std::move(answers[1]), json);
  WriteCounts("resource_usage", ByFirstKey(answers[2]), json);
  json.EndObject();
  return json.Take();
}

base::Result<std::string> ExecutionsApi::CompareJson(const net::HttpRequest& request) const {
  Scope scope = TRY(ScopeOf(request));
  const std::string ids = Parameters(request.query).Text("ids").value_or("");
  std::vector<std::string> workflows;
  for (std::size_t begin = 0; begin <= ids.size() && !ids.empty();) {
    const std::size_t end = std::min(ids.find(',', begin), ids.size());
    std::string id = ids.substr(begin, end - begin);
    if (!id.empty() && std::ranges::find(workflows, id) == workflows.end()) {
      workflows.push_back(std::move(id));
    }
    begin = end + 1;
  }
  if (workflows.empty() || workflows.size() > kMostCompared) {
    return base::Error(base::Code::kInvalidArgument,
                       fmt::format("bad parameter ids: 1 to {} workflow ids with commas between "
                                   "them expected",
                                   kMostCompared));
  }
  std::vector<query::FactQuery> queries;
  for (const std::string& workflow : workflows) {
    scope.facts.filter(FactKey::kWorkflow) = workflow;
    queries.push_back(scope.RunsBy(FactKey::kStatus));
  }
  const auto answers = TRY(Sum(queries));
  base::JsonWriter json;
  json.BeginObject();
  scope.period.Write(json);
  json.Key("workflows").BeginArray();
  for (std::size_t i = 0; i < workflows.size(); ++i) {
    const StatusSums runs(answers[i]);
    json.BeginObject();
    json.Key("workflow_id").String(workflows[i]);
    json.Key("total_executions").Int(runs.total.count);
    // Of no run nothing is known; JSON has null for what is no number.
    const bool has_runs = runs.total.count > 0;
    json.Key("success_rate").Double(has_runs ? runs.success_percent() : kNoNumber);
    json.Key("average_duration")
        .Double(runs.completed().count > 0 ? runs.average_seconds() : kNoNumber);
    WriteCost(json, runs.total.cost_picodollars,
              has_runs ? CostStatusOf(runs.total) : model::CostStatus::kNone);
    json.Key("unpriced_calls").Int(runs.total.unpriced_calls);
    json.EndObject();
  }
  json.EndArray().EndObject();
  return json.Take();
}

net::HttpResponse ExecutionsApi::Runs(const net::HttpRequest& request) const {
  return JsonAnswer(RunsJson(request));
}

net::HttpResponse ExecutionsApi::Steps(const net::HttpRequest& request) const {
  return JsonAnswer(StepsJson(request, false));
}

net::HttpResponse ExecutionsApi::EnhancedRuns(const net::HttpRequest& request) const {
  return JsonAnswer(EnhancedRunsJson(request));
}

net::HttpResponse ExecutionsApi::EnhancedSteps(const net::HttpRequest& request) const {
  return JsonAnswer(StepsJson(request, true));
}

net::HttpResponse ExecutionsApi::Report(const net::HttpRequest& request) const {
  return JsonAnswer(ReportJson(request));
}

net::HttpResponse ExecutionsApi::Workflow(const net::HttpRequest& request) const {
  return JsonAnswer(WorkflowJson(request));
}

net::HttpResponse ExecutionsApi::Compare(const net::HttpRequest& request) const {
  return JsonAnswer(CompareJson(request));
}

}  // namespace sightline::api
