// SPDX-License-Identifier: Apache-2.0
#include "api/telemetry/resource_json.h"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <utility>

#include "base/time_text.h"

namespace sightline::api {
namespace {

constexpr std::size_t kMostListed = 100;

// An average above the first is a bottleneck, above the second a severe one.
struct Limits {
  Resource resource;
  std::string_view issue;
  std::string_view average;
  double high;
  double very_high;
};

constexpr Limits kMemoryLimits{Resource::kMemoryUsage, "high_memory_usage", "average_memory_usage",
                               100, 200};
constexpr Limits kCpuLimits{Resource::kCpuUsage, "high_cpu_usage", "average_cpu_usage", 80, 90};

void WriteAbove(const StepResources& steps, const Limits& limits, base::JsonWriter& json) {
  std::vector<std::pair<double, const std::string*>> found;
  for (const auto& [name, sums] : steps.by_name()) {
    const std::optional<double> average = sums.average(limits.resource);
    if (average && *average > limits.high) {
      found.emplace_back(*average, &name);
    }
  }
  std::stable_sort(found.begin(), found.end(),
                   [](const auto& a, const auto& b) { return a.first > b.first; });
  found.resize(std::min(found.size(), kMostListed));
  for (const auto& [average, name] : found) {
    json.BeginObject();
    json.Key("step_id").String(*name);
    json.Key("issue_type").String(limits.issue);
    json.Key(limits.average).Double(average);
    json.Key("steps").Uint(steps.by_name().at(*name).count(limits.resource));
    json.Key("severity").String(average > limits.very_high ? "high" : "medium");
    json.EndObject();
  }
}

void WriteNumber(base::JsonWriter& json, std::string_view key, std::optional<double> number) {
  json.Key(key);
  if (number) {
    json.Double(*number);
  } else {
    json.Null();
  }
}

// One point for each run.
void WriteTrend(std::string_view key, const std::vector<RunResources>& runs,
                const std::vector<Resource>& resources, base::JsonWriter& json) {
  json.Key(key).BeginArray();
  for (const RunResources& run : runs) {
    json.BeginObject();
    json.Key("timestamp").String(base::FormatTimeNs(run.start_ns));
    json.Key("execution_id").String(run.execution_id);
    for (const Resource resource : resources) {
      WriteNumber(json, ResourceName(resource), run.usage.of(resource));
    }
    json.EndObject();
  }
  json.EndArray();
}

}  // namespace

void StepResources::Add(const analytics::TraceView& view, const analytics::ProfiledRun& run) {
  for (std::size_t i = 0; i < run.spans.size(); ++i) {
    if (!IsResourceStep(run, i)) {
      continue;
    }
    const ResourceUsage usage = ResourceUsageOf(view.spans[i]);
    if (std::any_of(usage.values.begin(), usage.values.end(),
                    [](const auto& value) { return value.has_value(); })) {
      by_name_[run.spans[i].name].Add(usage);
      all_.Add(usage);
    }
  }
}

RunResources RunResourcesOf(const analytics::TraceView& view) {
  const analytics::TraceSummary& summary = view.summary;
  return {.execution_id = summary.execution_id_text.empty()
                              ? summary.trace_id.ToHex()
                              : std::string(summary.execution_id_text),
          .start_ns = summary.start_ns,
          .usage = ResourceUsageOf(view)};
}

void WriteResourceBottlenecks(const StepResources& steps, base::JsonWriter& json) {
  WriteAbove(steps, kMemoryLimits, json);
  WriteAbove(steps, kCpuLimits, json);
}

void WriteResourceTrends(const std::vector<RunResources>& runs, base::JsonWriter& json) {
  WriteTrend("memory_usage_trend", runs, {Resource::kMemoryChange, Resource::kMemoryUsage}, json);
  WriteTrend("cpu_usage_trend", runs, {Resource::kCpuChange, Resource::kCpuUsage}, json);
  WriteTrend("io_operations_trend", runs, {Resource::kIoOperations}, json);
  WriteTrend("network_requests_trend", runs, {Resource::kNetworkRequests}, json);
  ResourceSums reported;
  for (const RunResources& run : runs) {
    reported.Add(run.usage);
  }
  json.Key("reported_runs").BeginObject();
  for (std::size_t i = 0; i < kResourceCount; ++i) {
    const auto resource = static_cast<Resource>(i);
    json.Key(ResourceName(resource)).Uint(reported.count(resource));
  }
  json.EndObject();
}

void WriteAverage(base::JsonWriter& json, std::string_view key, const ResourceSums& sums,
                  Resource resource) {
  WriteNumber(json, key, sums.average(resource));
}

}  // namespace sightline::api
