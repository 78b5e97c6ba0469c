// SPDX-License-Identifier: Apache-2.0
#include "api/analyses/workflow_analytics_api.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "analytics/proportion.h"
#include "analytics/what_differs/run_attributes.h"
#include "analytics/what_differs/what_differs.h"
#include "api/analyses/blame_json.h"
#include "api/analyses/bottleneck_json.h"
#include "api/analyses/difference_json.h"
#include "api/analyses/failure_json.h"
#include "api/analyses/forecast_json.h"
#include "api/analyses/score_columns.h"
#include "api/kept/run_scores.h"
#include "api/request/answers.h"
#include "api/request/json_fields.h"
#include "api/request/query_deadline.h"
#include "api/runs/known_workflow.h"
#include "api/runs/run_pages.h"
#include "api/runs/run_with_bodies.h"
#include "api/sums/fact_figures.h"
#include "api/sums/fact_series.h"
#include "base/time_text.h"
#include "model/run_status.h"
#include "model/saturating.h"
#include "query/step_query.h"

namespace sightline::api {
namespace {

using query::FactGroup;
using query::FactKey;
using query::FactSums;

// A step's average above the first is a bottleneck, above the second a severe one.
constexpr double kLongSeconds = 30;
constexpr double kVeryLongSeconds = 60;

// With fewer runs nothing is predicted.
constexpr std::int64_t kLeastRuns = 5;

// Halves of the runs whose average durations differ by less are stable.
constexpr double kStableShare = 0.1;
constexpr std::size_t kLeastRunsForTrend = 10;

constexpr double kLowSuccessPercent = 90;

// The newest runs that are searched for what failed ones have in common, and the newest failed runs
// of several agents of which it is said who made them fail.
constexpr std::size_t kMostSearched = 2000;
constexpr std::size_t kMostBlamed = 5;
constexpr std::size_t kMostFailedSteps = 20'000;

double DurationOf(const model::RunRecord& run) {
  return Seconds(model::DurationNs(run.start_ns, run.end_ns));
}

FactSums SumOf(const store::FactAnswer& groups) {
  FactSums sums;
  for (const FactGroup& group : groups) {
    sums.Add(group.sums);
  }
  return sums;
}

// Failed steps by the first key.
std::map<std::string, std::int64_t> FailedBy(const std::vector<FactGroup>& groups) {
  std::map<std::string, std::int64_t> failed;
  for (const FactGroup& group : groups) {
    if (group.sums.failed > 0) {
      failed[group.keys[0]] += group.sums.failed;
    }
  }
  return failed;
}

// The value at a share of sorted values, as sketches define it.
double QuantileOf(const std::vector<double>& sorted, double share) {
  const auto place = static_cast<std::size_t>(share * static_cast<double>(sorted.size() - 1));
  return sorted[place];
}

void WriteQuantiles(std::string_view name, std::vector<double> values, base::JsonWriter& json) {
  json.Key(name);
  if (values.empty()) {
    json.Null();
    return;
  }
  std::sort(values.begin(), values.end());
  json.BeginObject();
  json.Key("p50").Double(QuantileOf(values, 0.5));
  json.Key("p80").Double(QuantileOf(values, 0.8));
  json.Key("p95").Double(QuantileOf(values, 0.95));
  json.EndObject();
}

// How the newer half of runs compares with the older one.
std::string_view TrendOf(const std::vector<model::RunRecord>& completed) {
  if (completed.size() < kLeastRunsForTrend) {
    return "insufficient_data";
  }
  std::array<double, 2> sums{};
  const std::size_t half = completed.size() / 2;
  for (std::size_t i = 0; i < 2 * half; ++i) {
    sums[i < half ? 0 : 1] += DurationOf(completed[i]);
  }
  if (sums[1] > sums[0] * (1 + kStableShare)) {
    return "increasing";
  }
  return sums[1] < sums[0] * (1 - kStableShare) ? "decreasing" : "stable";
}

struct Outlook {
  std::int64_t runs = 0;   // All of the period.
  std::int64_t ended = 0;  // Those whose outcome is known.
  std::int64_t failed = 0;
  std::vector<model::RunRecord> completed;  // Oldest first.
  std::string_view trend;
  double average_seconds = 0;
  double success_percent = 0;
};

void WriteRecommendations(const Outlook& outlook, base::JsonWriter& json) {
  json.Key("recommendations").BeginArray();
  if (outlook.success_percent < kLowSuccessPercent) {
    json.String(fmt::format("{} of {} runs failed: look at the failure analysis of this workflow",
                            outlook.failed, outlook.ended));
  }
  if (outlook.trend == "increasing") {
    json.String("runs take longer than they did: look at its bottlenecks");
  }
  if (outlook.average_seconds > kVeryLongSeconds) {
    json.String(fmt::format("a run takes {:.0f} s on average: look at its bottlenecks",
                            outlook.average_seconds));
  }
  json.EndArray();
}

void WriteIntervals(const Outlook& outlook, base::JsonWriter& json) {
  std::vector<double> durations;
  std::vector<double> costs;
  for (const model::RunRecord& run : outlook.completed) {
    durations.push_back(DurationOf(run));
    // A cost that is known in part would make the next run look cheaper than it is.
    if (run.cost_status == model::CostStatus::kPriced ||
        run.cost_status == model::CostStatus::kReported) {
      costs.push_back(static_cast<double>(run.cost.picodollars) / 1e12);
    }
  }
  json.Key("intervals").BeginObject();
  WriteQuantiles("duration", std::move(durations), json);
  WriteQuantiles("cost", std::move(costs), json);
  const analytics::ShareInterval share = analytics::IntervalOfShare(outlook.failed, outlook.ended);
  json.Key("failure_probability").BeginObject();
  json.Key("low").Double(share.low);
  json.Key("high").Double(share.high);
  json.EndObject().EndObject();
}

}  // namespace

base::Result<WorkflowAnalyticsApi::Scope> WorkflowAnalyticsApi::ScopeOf(
    const net::HttpRequest& request) const {
  Scope scope{.workflow_id = std::string(request.PathParameter("workflow_id")), .period = {}};
  scope.period = TRY(Period::Read(Parameters(request.query), clock_, 30));
  TRY(ExpectWorkflow(store_, scope.workflow_id, DeadlineAfter(query_timeout_)));
  return scope;
}

query::FactQuery WorkflowAnalyticsApi::StepsBy(const Scope& scope, std::vector<FactKey> by) {
  query::FactQuery query;
  query.start_time_ns = scope.period.start_ns;
  query.end_time_ns = scope.period.end_ns;
  query.filter(FactKey::kWorkflow) = scope.workflow_id;
  query.by = std::move(by);
  return query;
}

query::FactQuery WorkflowAnalyticsApi::RunsBy(const Scope& scope, std::vector<FactKey> by) {
  query::FactQuery query = StepsBy(scope, std::move(by));
  query.of_runs = true;
  return query;
}

query::FactQuery WorkflowAnalyticsApi::RunsByDay(const Scope& scope) {
  query::FactQuery query = RunsBy(scope, {});
  query.start_time_ns =
      std::min(scope.period.start_ns, scope.period.end_ns - kForecastDays * Period::kDayNs);
  query.bucket_ns = Period::kDayNs;
  query.bucket_offset_ns = -scope.period.utc_offset_ns;
  return query;
}

base::Result<std::vector<store::FactAnswer>> WorkflowAnalyticsApi::Sum(
    const std::vector<query::FactQuery>& queries) const {
  return store_.SumFacts(queries, DeadlineAfter(query_timeout_));
}

base::Result<std::vector<model::RunRecord>> WorkflowAnalyticsApi::NewestRuns(
    const Scope& scope, std::optional<model::RunStatus> status, std::size_t most) const {
  auto newest = TRY(ReadNewestRuns(store_,
                                   {.workflow_id = scope.workflow_id,
                                    .status = status,
                                    .start_time_ns = scope.period.start_ns,
                                    .end_time_ns = scope.period.end_ns},
                                   most, DeadlineAfter(query_timeout_)));
  std::reverse(newest.runs.begin(), newest.runs.end());
  return std::move(newest.runs);
}

base::Result<std::string> WorkflowAnalyticsApi::BottlenecksJson(
    const net::HttpRequest& request) const {
  const Scope scope = TRY(ScopeOf(request));
  std::vector<store::FactAnswer> answers = TRY(Sum({StepsBy(scope, {FactKey::kName})}));
  std::vector<FactGroup> steps = std::move(answers[0]);
  const auto average = [](const FactGroup& step) {
    return Average(step.sums.duration_seconds, step.sums.count);
  };
  std::stable_sort(steps.begin(), steps.end(),
                   [&](const FactGroup& a, const FactGroup& b) { return average(a) > average(b); });
  base::JsonWriter json;
  json.BeginObject();
  json.Key("workflow_id").String(scope.workflow_id);
  const Sampled sampled = TRY(ReadSample(request, scope));
  json.Key("bottlenecks").BeginArray();
  for (const FactGroup& step : steps) {
    if (average(step) <= kLongSeconds) {
      break;
    }
    json.BeginObject();
    json.Key("step_id").String(step.keys[0]);
    json.Key("issue_type").String("high_duration");
    json.Key("average_duration").Double(average(step));
    json.Key("steps").Int(step.sums.count);
    json.Key("severity").String(average(step) > kVeryLongSeconds ? "high" : "medium");
    json.EndObject();
  }
  WriteResourceBottlenecks(sampled.resources, json);
  json.EndArray();
  json.Key("reported_steps").BeginObject();
  for (const Resource resource : {Resource::kMemoryUsage, Resource::kCpuUsage}) {
    json.Key(ResourceName(resource)).Uint(sampled.resources.all().count(resource));
  }
  json.EndObject();
  sampled.size.Write(json);
  WriteBottleneckSums(sampled.sums, json);
  json.EndObject();
  return json.Take();
}

base::Result<SampleSize> WorkflowAnalyticsApi::VisitNewest(const net::HttpRequest& request,
                                                           const Scope& scope,
                                                           const VisitRun& visit) const {
  const std::size_t limit = TRY(Parameters(request.query).Limit(kSampleRuns, kMostSampleRuns));
  return VisitSample(store_, loader_,
                     {.workflow_id = scope.workflow_id,
                      .start_time_ns = scope.period.start_ns,
                      .end_time_ns = scope.period.end_ns},
                     limit, visit);
}

base::Result<WorkflowAnalyticsApi::Sampled> WorkflowAnalyticsApi::ReadSample(
    const net::HttpRequest& request, const Scope& scope) const {
  Sampled sampled;
  const auto add = [&](const store::Rows&, const analytics::TraceView& view,
                       const analytics::ProfiledRun& run) -> base::Result<void> {
    const std::vector<analytics::SerialCalls> independent =
        TRY(IndependentCalls(store_, loader_, view, run));
    sampled.sums.Add(run, independent);
    sampled.resources.Add(view, run);
    return {};
  };
  sampled.size = TRY(VisitNewest(request, scope, add));
  return sampled;
}

base::Result<std::string> WorkflowAnalyticsApi::TrendsJson(const net::HttpRequest& request) const {
  const Scope scope = TRY(ScopeOf(request));
  std::vector<RunResources> runs;
  const auto add = [&](const store::Rows&, const analytics::TraceView& view,
                       const analytics::ProfiledRun&) -> base::Result<void> {
    runs.push_back(RunResourcesOf(view));
    return {};
  };
  const SampleSize size = TRY(VisitNewest(request, scope, add));
  std::reverse(runs.begin(), runs.end());
  base::JsonWriter json;
  json.BeginObject();
  json.Key("workflow_id").String(scope.workflow_id);
  scope.period.Write(json);
  size.Write(json);
  WriteResourceTrends(runs, json);
  json.EndObject();
  return json.Take();
}

base::Result<void> WorkflowAnalyticsApi::WriteWhatDiffers(const Scope& scope,
                                                          base::JsonWriter& json) const {
  // The cost of the search grows with their square.
  std::vector<model::RunRecord> runs = TRY(NewestRuns(scope, std::nullopt, kMostSearched));
  std::erase_if(
      runs, [](const model::RunRecord& run) { return run.status == model::RunStatus::kRunning; });
  std::vector<bool> has_failed;
  for (const model::RunRecord& run : runs) {
    has_failed.push_back(run.status == model::RunStatus::kFailed);
  }
  const auto is_wanted = [](std::string_view attribute) {
    return attribute != "status" && attribute != "error_type" && attribute != "failed_steps";
  };
  std::vector<analytics::RunColumn> columns = analytics::AttributesOf(runs, is_wanted);
  AddScoreColumns(runs, TRY(ReadRunScores(meta_, runs)), is_wanted, columns);
  for (analytics::RunColumn& column : columns) {
    column.is_never_upper_bound = true;  // Failed runs end early.
  }
  json.Key("searched_runs").Uint(runs.size());
  WriteDifferences("what_differs", analytics::FindDifferences(columns, has_failed), columns, runs,
                   json);
  return {};
}

base::Result<void> WorkflowAnalyticsApi::WriteBlames(const std::vector<model::RunRecord>& failed,
                                                     base::JsonWriter& json) const {
  json.Key("attributions").BeginArray();
  std::size_t count = 0;
  for (auto run = failed.rbegin(); run != failed.rend() && count < kMostBlamed; ++run) {
    if (run->agents.size() < 2 || run->span_count > kMostBlamedSpans) {
      continue;
    }
    const base::Result<RunWithBodies> loaded = LoadWithBodies(loader_, run->trace_id.ToHex());
    if (!loaded.has_value()) {
      if (loaded.error().code() == base::Code::kNotFound) {
        continue;  // Its day has been deleted since it was listed.
      }
      return loaded.error();
    }
    WriteBlame(*loaded, json);
    ++count;
  }
  json.EndArray();
  return {};
}

base::Result<analytics::FailedSteps> WorkflowAnalyticsApi::FindFailedSteps(
    const Scope& scope) const {
  query::StepQuery query{.steps = StepsBy(scope, {}), .limit = kMostFailedSteps};
  query.steps.filter(FactKey::kStatus) = model::RunStatusName(model::RunStatus::kFailed);
  const store::StepPage page = TRY(store_.ListSteps(query, DeadlineAfter(query_timeout_)));
  analytics::FailedSteps failed;
  for (const model::Fact& step : page.steps.facts) {
    failed[step.trace_id].emplace_back(page.steps.TextOf(step.name));
  }
  return failed;
}

base::Result<std::string> WorkflowAnalyticsApi::FailuresJson(
    const net::HttpRequest& request) const {
  const Scope scope = TRY(ScopeOf(request));
  // As long a time before the period tells which problems are new.
  Scope before = scope;
  before.period.end_ns = scope.period.start_ns;
  before.period.start_ns =
      model::SaturatingSubtract(scope.period.start_ns, scope.period.end_ns - scope.period.start_ns);
  Scope second_half = scope;
  second_half.period.start_ns += (scope.period.end_ns - scope.period.start_ns) / 2;
  const std::vector<store::FactAnswer> answers =
      TRY(Sum({RunsBy(scope, {}), StepsBy(scope, {FactKey::kName}),
               StepsBy(scope, {FactKey::kAgent}), RunsBy(second_half, {}), RunsBy(before, {})}));
  const FactSums total = SumOf(answers[0]);
  const std::vector<model::RunRecord> failed =
      TRY(NewestRuns(scope, model::RunStatus::kFailed, kMostRuns));
  std::vector<model::RunRecord> ever =
      TRY(NewestRuns(before, model::RunStatus::kFailed, kMostRuns));
  ever.insert(ever.end(), failed.begin(), failed.end());
  const analytics::FailureAnalysis analysis = analytics::AnalyzeFailures(
      ever,
      {.start_ns = scope.period.start_ns,
       .end_ns = scope.period.end_ns,
       .second_half = Average(static_cast<double>(SumOf(answers[3]).count), total.count),
       .has_before = SumOf(answers[4]).count > 0},
      TRY(FindFailedSteps(scope)));
  base::JsonWriter json;
  json.BeginObject();
  json.Key("workflow_id").String(scope.workflow_id);
  json.Key("total_failures").Int(total.failed);
  json.Key("failure_rate").Double(Percent(total.failed, total.count));
  json.Key("analyzed_failures").Uint(failed.size());
  json.Key("failure_reasons").BeginObject();
  for (const auto& [reason, count] : analysis.reasons) {
    json.Key(analytics::NameOf(reason)).Int(count);
  }
  json.EndObject();
  WriteCounts("failures_by_step", FailedBy(answers[1]), json);
  WriteCounts("failures_by_agent", FailedBy(answers[2]), json);
  scope.period.Write(json);
  json.Key("course_step_seconds")
      .Double(Seconds(scope.period.end_ns - scope.period.start_ns) /
              static_cast<double>(analytics::FailureCourse::kSteps));
  json.Key("groups").BeginArray();
  for (const analytics::FailureGroup& group : analysis.groups) {
    WriteFailureGroup(group, json);
  }
  json.EndArray();
  TRY(WriteWhatDiffers(scope, json));
  TRY(WriteBlames(failed, json));
  json.EndObject();
  return json.Take();
}

base::Result<std::string> WorkflowAnalyticsApi::PredictionsJson(
    const net::HttpRequest& request) const {
  const Scope scope = TRY(ScopeOf(request));
  Outlook outlook;
  double completed_seconds = 0;
  std::int64_t completed = 0;
  const std::vector<store::FactAnswer> answers =
      TRY(Sum({RunsBy(scope, {FactKey::kStatus}), RunsByDay(scope)}));
  for (const FactGroup& group : answers[0]) {
    outlook.runs += group.sums.count;
    outlook.failed += group.sums.failed;
    outlook.ended +=
        group.keys[0] == model::RunStatusName(model::RunStatus::kRunning) ? 0 : group.sums.count;
    if (group.keys[0] == "completed") {
      completed = group.sums.count;
      completed_seconds = group.sums.duration_seconds;
    }
  }
  base::JsonWriter json;
  json.BeginObject();
  json.Key("workflow_id").String(scope.workflow_id);
  if (outlook.ended < kLeastRuns || completed == 0) {
    json.Key("predictions_available").Bool(false);
    json.Key("message").String(
        outlook.ended < kLeastRuns
            ? fmt::format("{} runs ended in the period; predictions need {}", outlook.ended,
                          kLeastRuns)
            : fmt::format("none of {} runs in the period has completed", outlook.ended));
    json.EndObject();
    return json.Take();
  }
  outlook.completed = TRY(NewestRuns(scope, model::RunStatus::kCompleted, kMostRuns));
  outlook.average_seconds = Average(completed_seconds, completed);
  outlook.success_percent = Percent(completed, outlook.ended);
  outlook.trend = TrendOf(outlook.completed);
  json.Key("predictions_available").Bool(true);
  json.Key("estimated_execution_time").Double(outlook.average_seconds);
  json.Key("duration_trend").String(outlook.trend);
  json.Key("success_rate").Double(outlook.success_percent);
  json.Key("based_on_runs").Int(outlook.ended);
  WriteRecommendations(outlook, json);
  WriteIntervals(outlook, json);
  const FactSeries days =
      SeriesOf(RunsByDay(scope), answers[1], std::min(clock_.NowNs(), scope.period.end_ns));
  WriteWeekAhead(days, scope.period, json);
  json.EndObject();
  return json.Take();
}

net::HttpResponse WorkflowAnalyticsApi::Bottlenecks(const net::HttpRequest& request) const {
  return JsonAnswer(BottlenecksJson(request));
}

net::HttpResponse WorkflowAnalyticsApi::Resources(const net::HttpRequest& request) const {
  return JsonAnswer(TrendsJson(request));
}

net::HttpResponse WorkflowAnalyticsApi::Failures(const net::HttpRequest& request) const {
  return JsonAnswer(FailuresJson(request));
}

net::HttpResponse WorkflowAnalyticsApi::Predictions(const net::HttpRequest& request) const {
  return JsonAnswer(PredictionsJson(request));
}

}  // namespace sightline::api
