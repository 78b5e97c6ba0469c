// SPDX-License-Identifier: Apache-2.0
#include "api/runs/execution_figures.h"

#include <algorithm>
#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "api/request/json_fields.h"
#include "model/run_status.h"
#include "model/sketch.h"

namespace sightline::api {
namespace {

using query::FactGroup;
using query::FactSums;

// A step takes long, or fails often, beyond these.
constexpr double kLongSeconds = 30;
constexpr double kLowSuccessPercent = 80;

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

void WriteCounts(std::string_view name, const SumsByName& parts, base::JsonWriter& json) {
  json.Key(name).BeginObject();
  for (const auto& [key, sums] : parts) {
    if (!key.empty()) {
      json.Key(key).Int(sums.count);
    }
  }
  json.EndObject();
}

void WriteRunsByDay(const Period& period, const store::FactAnswer& by_day, base::JsonWriter& json) {
  std::map<std::int64_t, std::int64_t> counts;
  for (const FactGroup& group : by_day) {
    counts[group.time_ns] += group.sums.count;
  }
  json.Key("executions_by_day").BeginArray();
  for (const auto& [day, count] : counts) {
    json.BeginObject();
    json.Key("date").String(period.DateOf(day));
    json.Key("count").Int(count);
    json.EndObject();
  }
  json.EndArray();
}

void WriteStepMetrics(const store::FactAnswer& by_status, const store::FactAnswer& by_agent,
                      base::JsonWriter& json) {
  const StatusSums steps(by_status);
  json.Key("total_steps").Int(steps.total.count);
  json.Key("success_rate").Double(steps.success_percent());
  json.Key("average_duration").Double(Average(steps.total.duration_seconds, steps.total.count));
  WriteCounts("steps_by_status", steps.by_status, json);
  WriteCounts("steps_by_agent", ByFirstKey(by_agent), json);
}

// `by_day`: runs by day and status.
void WriteTrends(const Period& period, const store::FactAnswer& by_day, base::JsonWriter& json) {
  struct Day {
    std::int64_t runs = 0;
    std::int64_t completed = 0;
  };

  const std::string_view completed_name = model::RunStatusName(model::RunStatus::kCompleted);
  std::map<std::int64_t, Day> days;
  Day total;
  for (const FactGroup& group : by_day) {
    const std::int64_t completed = group.keys[0] == completed_name ? group.sums.count : 0;
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
    json.Key("date").String(period.DateOf(time_ns));
    json.Key("total_executions").Int(day.runs);
    json.Key("success_rate").Double(Percent(day.completed, day.runs));
    json.EndObject();
  }
  json.EndArray();
}

void WriteStepPerformance(store::FactAnswer by_name, base::JsonWriter& json) {
  std::vector<StepSums> steps;
  steps.reserve(by_name.size());
  for (FactGroup& group : by_name) {
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
}

}  // namespace sightline::api
