// SPDX-License-Identifier: Apache-2.0
#include "api/executions_api.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "api/answers.h"
#include "api/json_fields.h"
#include "base/time_text.h"
#include "model/run_status.h"
#include "model/saturating.h"

namespace sightline::api {
namespace {

using query::FactGroup;
using query::FactKey;
using query::FactSums;

// A step takes long, or fails often, beyond these.
constexpr double kLongSeconds = 30;
constexpr double kLowSuccessPercent = 80;

constexpr std::size_t kRunsInMetrics = 50;
constexpr std::size_t kRunsInReport = 10;
constexpr std::size_t kMostCompared = 20;

constexpr std::string_view kCompleted = "completed";

double Average(double sum, std::int64_t count) {
  return count <= 0 ? 0 : sum / static_cast<double>(count);
}

double Seconds(std::int64_t duration_ns) {
  return static_cast<double>(duration_ns) / 1e9;
}

// Sums over groups by their first key.
std::map<std::string, FactSums> ByFirstKey(const std::vector<FactGroup>& groups) {
  std::map<std::string, FactSums> sums;
  for (const FactGroup& group : groups) {
    sums[group.keys[0]].Add(group.sums);
  }
  return sums;
}

FactSums Total(const std::map<std::string, FactSums>& parts) {
  FactSums total;
  for (const auto& [key, sums] : parts) {
    total.Add(sums);
  }
  return total;
}

std::int64_t CountOf(const std::map<std::string, FactSums>& parts, std::string_view key) {
  const auto found = parts.find(std::string(key));
  return found == parts.end() ? 0 : found->second.count;
}

void WriteCounts(std::string_view name, const std::map<std::string, FactSums>& parts,
                 base::JsonWriter& json) {
  json.Key(name).BeginObject();
  for (const auto& [key, sums] : parts) {
    if (!key.empty()) {
      json.Key(key).Int(sums.count);
    }
  }
  json.EndObject();
}

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

// What one step did over all runs.
struct StepSums {
  std::string name;
  FactSums sums;
  model::Sketch latency;

  double average_seconds() const { return Average(sums.duration_seconds, sums.count); }

  double success_percent() const { return Percent(sums.count - sums.failed, sums.count); }
};

void WriteStep(const StepSums& step, base::JsonWriter& json) {
  json.BeginObject();
  json.Key("step_id").String(step.name);
  json.Key("average_duration").Double(step.average_seconds());
  json.Key("success_rate").Double(step.success_percent());
  json.Key("execution_count").Int(step.sums.count);
  // Of the sketch: within 1 %.
  json.Key("min_duration").Double(Seconds(step.latency.min()));
  json.Key("max_duration").Double(Seconds(step.latency.max()));
  json.Key("p50_duration").Double(Seconds(step.latency.Quantile(0.5)));
  json.Key("p95_duration").Double(Seconds(step.latency.Quantile(0.95)));
  json.EndObject();
}

void WriteIssue(const StepSums& step, std::string_view issue, double value,
                base::JsonWriter& json) {
  json.BeginObject();
  json.Key("step_id").String(step.name);
  json.Key("issue").String(issue);
  json.Key("value").Double(value);
  json.EndObject();
}

void WriteIssues(const std::vector<StepSums>& steps, base::JsonWriter& json) {
  json.Key("bottlenecks").BeginArray();
  for (const StepSums& step : steps) {
    if (step.average_seconds() > kLongSeconds) {
      WriteIssue(step, "high_duration", step.average_seconds(), json);
    }
    if (step.success_percent() < kLowSuccessPercent) {
      WriteIssue(step, "low_success_rate", step.success_percent(), json);
    }
  }
  json.EndArray();
}

}  // namespace

store::SpanStore::Deadline ExecutionsApi::Deadline() const {
  return std::chrono::steady_clock::now() +
         std::chrono::duration_cast<std::chrono::steady_clock::duration>(query_timeout_);
}

base::Result<ExecutionsApi::Scope> ExecutionsApi::ScopeOf(const net::HttpRequest& request) const {
  const Parameters parameters(request.query);
  Scope scope{.period = TRY(Period::Read(parameters, clock_, 30)), .facts = {}};
  scope.facts.start_time_ns = scope.period.start_ns;
  scope.facts.end_time_ns = scope.period.end_ns;
  scope.facts.filter(FactKey::kWorkflow) = parameters.Text("workflow_id");
  return scope;
}

base::Result<ExecutionsApi::Scope> ExecutionsApi::ScopeOfWorkflow(
    const net::HttpRequest& request) const {
  Scope scope = TRY(ScopeOf(request));
  const std::string workflow_id(request.PathParameter("workflow_id"));
  scope.facts.filter(FactKey::kWorkflow) = workflow_id;
  const store::RunPage any =
      TRY(store_.ListRuns({.workflow_id = workflow_id, .limit = 1}, Deadline()));
  if (any.runs.empty()) {
    return base::Error(base::Code::kNotFound, fmt::format("workflow {} is not known", workflow_id));
  }
  return scope;
}

base::Result<std::vector<FactGroup>> ExecutionsApi::Sum(query::FactQuery query, bool of_runs,
                                                        std::vector<FactKey> by) const {
  query.of_runs = of_runs;
  query.by = std::move(by);
  return store_.SumFacts(query, Deadline());
}

base::Result<store::RunPage> ExecutionsApi::NewestRuns(const Scope& scope,
                                                       std::size_t limit) const {
  return store_.ListRuns({.workflow_id = scope.facts.filter(FactKey::kWorkflow),
                          .start_time_ns = scope.period.start_ns,
                          .end_time_ns = scope.period.end_ns,
                          .limit = limit},
                         Deadline());
}

base::Result<void> ExecutionsApi::WriteRunsByDay(const Scope& scope, base::JsonWriter& json) const {
  query::FactQuery by_day = scope.facts;
  by_day.bucket_ns = Period::kDayNs;
  by_day.bucket_offset_ns = -scope.period.utc_offset_ns;
  std::map<std::int64_t, std::int64_t> counts;
  for (const FactGroup& group : TRY(Sum(by_day, true, {}))) {
    counts[group.time_ns] += group.sums.count;
  }
  json.Key("executions_by_day").BeginArray();
  for (const auto& [day, count] : counts) {
    json.BeginObject();
    json.Key("date").String(scope.period.DateOf(day));
    json.Key("count").Int(count);
    json.EndObject();
  }
  json.EndArray();
  return {};
}

base::Result<void> ExecutionsApi::WriteRunMetrics(const Scope& scope,
                                                  base::JsonWriter& json) const {
  const std::vector<FactGroup> groups = TRY(Sum(scope.facts, true, {FactKey::kStatus}));
  const std::map<std::string, FactSums> by_status = ByFirstKey(groups);
  const FactSums total = Total(by_status);
  const auto completed = by_status.find(std::string(kCompleted));
  json.Key("total_executions").Int(total.count);
  json.Key("success_rate").Double(Percent(CountOf(by_status, kCompleted), total.count));
  json.Key("average_duration")
      .Double(completed == by_status.end()
                  ? 0
                  : Average(completed->second.duration_seconds, completed->second.count));
  WriteCounts("executions_by_status", by_status, json);
  TRY(WriteRunsByDay(scope, json));
  const store::RunPage newest = TRY(NewestRuns(scope, kRunsInMetrics));
  json.Key("executions").BeginArray();
  for (const model::RunRecord& run : newest.runs) {
    WriteRun(run, json);
  }
  json.EndArray();
  return {};
}

base::Result<void> ExecutionsApi::WriteStepMetrics(const Scope& scope,
                                                   base::JsonWriter& json) const {
  const std::vector<FactGroup> statuses = TRY(Sum(scope.facts, false, {FactKey::kStatus}));
  const std::vector<FactGroup> agents = TRY(Sum(scope.facts, false, {FactKey::kAgent}));
  const std::map<std::string, FactSums> by_status = ByFirstKey(statuses);
  const FactSums total = Total(by_status);
  json.Key("total_steps").Int(total.count);
  json.Key("success_rate").Double(Percent(CountOf(by_status, kCompleted), total.count));
  json.Key("average_duration").Double(Average(total.duration_seconds, total.count));
  WriteCounts("steps_by_status", by_status, json);
  WriteCounts("steps_by_agent", ByFirstKey(agents), json);
  return {};
}

base::Result<std::string> ExecutionsApi::RunsJson(const net::HttpRequest& request,
                                                  bool is_enhanced) const {
  const Scope scope = TRY(ScopeOf(request));
  base::JsonWriter json;
  json.BeginObject();
  TRY(WriteRunMetrics(scope, json));
  if (is_enhanced) {
    FactSums runs;
    FactSums steps;
    for (const FactGroup& group : TRY(Sum(scope.facts, true, {}))) {
      runs.Add(group.sums);
    }
    for (const FactGroup& group : TRY(Sum(scope.facts, false, {}))) {
      steps.Add(group.sums);
    }
    const auto per_run = [&](std::int64_t count) {
      return Average(static_cast<double>(count), runs.count);
    };
    json.Key("average_step_count").Double(per_run(steps.count));
    json.Key("average_success_count").Double(per_run(steps.count - steps.failed));
    json.Key("average_failure_count").Double(per_run(steps.failed));
    json.Key("resource_usage").BeginObject();
    json.Key("avg_memory_change_mb").Null();
    json.Key("avg_cpu_change_percent").Null();
    json.EndObject();
  }
  json.EndObject();
  return json.Take();
}

base::Result<std::string> ExecutionsApi::StepsJson(const net::HttpRequest& request,
                                                   bool is_enhanced) const {
  const Scope scope = TRY(ScopeOf(request));
  base::JsonWriter json;
  json.BeginObject();
  TRY(WriteStepMetrics(scope, json));
  if (is_enhanced) {
    for (const std::string_view name : {"average_memory_usage", "average_cpu_usage",
                                        "average_io_operations", "average_network_requests"}) {
      json.Key(name).Null();
    }
  }
  json.EndObject();
  return json.Take();
}

base::Result<std::string> ExecutionsApi::ReportJson(const net::HttpRequest& request) const {
  const Scope scope = TRY(ScopeOfWorkflow(request));
  base::JsonWriter json;
  json.BeginObject();
  json.Key("workflow_id").String(request.PathParameter("workflow_id"));
  scope.period.Write(json);
  json.Key("workflow_metrics").BeginObject();
  TRY(WriteRunMetrics(scope, json));
  json.EndObject();
  json.Key("step_metrics").BeginObject();
  TRY(WriteStepMetrics(scope, json));
  json.EndObject();
  const store::RunPage newest = TRY(NewestRuns(scope, kRunsInReport));
  json.Key("recent_executions").BeginArray();
  for (const model::RunRecord& run : newest.runs) {
    WriteReportedRun(run, json);
  }
  json.EndArray().EndObject();
  return json.Take();
}

base::Result<void> ExecutionsApi::WriteTrends(const Scope& scope, base::JsonWriter& json) const {
  query::FactQuery by_day = scope.facts;
  by_day.bucket_ns = Period::kDayNs;
  by_day.bucket_offset_ns = -scope.period.utc_offset_ns;

  struct Day {
    std::int64_t runs = 0;
    std::int64_t completed = 0;
  };

  std::map<std::int64_t, Day> days;
  Day total;
  for (const FactGroup& group : TRY(Sum(by_day, true, {FactKey::kStatus}))) {
    const std::int64_t completed = group.keys[0] == kCompleted ? group.sums.count : 0;
    for (Day* day : {&days[group.time_ns], &total}) {
      day->runs += group.sums.count;
      day->completed += completed;
    }
  }
  json.Key("total_executions").Int(total.runs);
  json.Key("success_rate").Double(Percent(total.completed, total.runs));
  json.Key("execution_trends").BeginArray();
  for (const auto& [time_ns, day] : days) {
    json.BeginObject();
    json.Key("date").String(scope.period.DateOf(time_ns));
    json.Key("total_executions").Int(day.runs);
    json.Key("success_rate").Double(Percent(day.completed, day.runs));
    json.EndObject();
  }
  json.EndArray();
  return {};
}

base::Result<void> ExecutionsApi::WriteStepPerformance(const Scope& scope,
                                                       base::JsonWriter& json) const {
  query::FactQuery with_latency = scope.facts;
  with_latency.with_latency = true;
  std::vector<StepSums> steps;
  for (FactGroup& group : TRY(Sum(with_latency, false, {FactKey::kName}))) {
    steps.push_back({.name = std::move(group.keys[0]),
                     .sums = group.sums,
                     .latency = std::move(group.latency)});
  }
  std::stable_sort(steps.begin(), steps.end(), [](const StepSums& a, const StepSums& b) {
    return a.sums.duration_seconds > b.sums.duration_seconds;
  });
  json.Key("step_performance").BeginArray();
  for (const StepSums& step : steps) {
    WriteStep(step, json);
  }
  json.EndArray();
  WriteIssues(steps, json);
  return {};
}

base::Result<std::string> ExecutionsApi::WorkflowJson(const net::HttpRequest& request) const {
  const Scope scope = TRY(ScopeOfWorkflow(request));
  base::JsonWriter json;
  json.BeginObject();
  json.Key("workflow_id").String(request.PathParameter("workflow_id"));
  scope.period.Write(json);
  TRY(WriteTrends(scope, json));
  TRY(WriteStepPerformance(scope, json));
  const std::vector<FactGroup> agents = TRY(Sum(scope.facts, false, {FactKey::kAgent}));
  WriteCounts("resource_usage", ByFirstKey(agents), json);
  json.EndObject();
  return json.Take();
}

base::Result<std::string> ExecutionsApi::CompareJson(const net::HttpRequest& request) const {
  Scope scope = TRY(ScopeOf(request));
  const std::string ids = Parameters(request.query).Text("ids").value_or("");
  std::vector<std::string> workflows;
  for (std::size_t begin = 0; begin <= ids.size() && !ids.empty();) {
    const std::size_t end = std::min(ids.find(',', begin), ids.size());
    if (end > begin) {
      workflows.push_back(ids.substr(begin, end - begin));
    }
    begin = end + 1;
  }
  if (workflows.empty() || workflows.size() > kMostCompared) {
    return base::Error(base::Code::kInvalidArgument,
                       fmt::format("bad parameter ids: 1 to {} workflow ids with commas between "
                                   "them expected",
                                   kMostCompared));
  }
  base::JsonWriter json;
  json.BeginObject();
  scope.period.Write(json);
  json.Key("workflows").BeginArray();
  for (const std::string& workflow : workflows) {
    scope.facts.filter(FactKey::kWorkflow) = workflow;
    const std::vector<FactGroup> groups = TRY(Sum(scope.facts, true, {FactKey::kStatus}));
    const std::map<std::string, FactSums> by_status = ByFirstKey(groups);
    const FactSums total = Total(by_status);
    const auto completed = by_status.find(std::string(kCompleted));
    json.BeginObject();
    json.Key("workflow_id").String(workflow);
    json.Key("total_executions").Int(total.count);
    json.Key("success_rate").Double(Percent(CountOf(by_status, kCompleted), total.count));
    json.Key("average_duration")
        .Double(completed == by_status.end()
                    ? 0
                    : Average(completed->second.duration_seconds, completed->second.count));
    WriteCost(json, total.cost_picodollars,
              total.unpriced_calls > 0 ? model::CostStatus::kPartial : model::CostStatus::kPriced);
    json.EndObject();
  }
  json.EndArray().EndObject();
  return json.Take();
}

net::HttpResponse ExecutionsApi::Runs(const net::HttpRequest& request) const {
  return JsonAnswer(RunsJson(request, false));
}

net::HttpResponse ExecutionsApi::Steps(const net::HttpRequest& request) const {
  return JsonAnswer(StepsJson(request, false));
}

net::HttpResponse ExecutionsApi::EnhancedRuns(const net::HttpRequest& request) const {
  return JsonAnswer(RunsJson(request, true));
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
