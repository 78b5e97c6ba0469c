// SPDX-License-Identifier: Apache-2.0
#include "api/telemetry/process_metrics.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <memory>
#include <set>

#include "base/json_scan.h"
#include "query/metric_query.h"

namespace sightline::api {
namespace {

using analytics::ProcessMeasure;
using base::Result;

constexpr std::size_t kMostSeries = 1000;

struct Name {
  ProcessMeasure measure;
  std::string_view name;
};

// In order of preference for each measure.
constexpr auto kNames = std::to_array<Name>({
    {ProcessMeasure::kCpuTime, "process.cpu.time"},
    {ProcessMeasure::kCpuTime, "container.cpu.time"},
    {ProcessMeasure::kCpuShare, "process.cpu.utilization"},
    {ProcessMeasure::kMemory, "process.memory.usage"},
    {ProcessMeasure::kMemory, "process.memory.physical_usage"},
    {ProcessMeasure::kMemory, "container.memory.usage"},
    {ProcessMeasure::kDisk, "process.disk.io"},
    {ProcessMeasure::kDisk, "container.disk.io"},
    {ProcessMeasure::kNetwork, "process.network.io"},
    {ProcessMeasure::kNetwork, "container.network.io"},
});

// A text as it is, a number as its digits.
std::string ValueOf(std::string_view raw) {
  return raw.starts_with('"') ? base::UnescapeJsonString(raw) : std::string(raw);
}

bool IsGuess(const ProcessIdentity& process) {
  return process.instance.empty() && process.pid.empty();
}

// The time that samples may lie in which tell of it.
query::MetricQuery QueryOf(const ProcessIdentity& process, std::int64_t start_ns,
                           std::int64_t end_ns) {
  query::MetricQuery query{.start_time_ns = start_ns - analytics::kLongestSampleGapNs,
                           .end_time_ns = end_ns + analytics::kLongestSampleGapNs + 1,
                           .max_series = kMostSeries};
  // An agent on the host that measures a process need not know what service it is.
  if (!process.instance.empty() || process.pid.empty()) {
    query.service = process.service;
  }
  if (!process.instance.empty()) {
    query.service_instance = process.instance;
  }
  return query;
}

Result<store::SeriesPage> PointsOf(const query::MetricQuery& query, store::SpanStore& store,
                                   store::SpanStore::Deadline deadline) {
  auto page = store.FetchPoints(query, deadline);
  if (!page.has_value() && page.error().code() == base::Code::kInvalidArgument) {
    return store::SeriesPage();  // Too many to tell whose they are.
  }
  return page;
}

}  // namespace

ProcessIdentity ProcessIdentity::Of(std::string_view service, std::string_view attributes) {
  ProcessIdentity identity;
  identity.service = service;
  std::string host_name;
  base::ForEachJsonMember(attributes, [&](const std::string& key, std::string_view raw) {
    if (key == "service.instance.id") {
      identity.instance = ValueOf(raw);
    } else if (key == "host.id") {
      identity.host = ValueOf(raw);
    } else if (key == "host.name") {
      host_name = ValueOf(raw);
    } else if (key == "process.pid") {
      identity.pid = ValueOf(raw);
    } else if (key == "container.id") {
      identity.container = ValueOf(raw);
    }
  });
  if (identity.host.empty()) {
    identity.host = host_name;
  }
  return identity;
}

bool IsSameProcess(const ProcessIdentity& process, const ProcessIdentity& metrics) {
  if (!process.instance.empty()) {
    return metrics.service == process.service && metrics.instance == process.instance;
  }
  if (!process.pid.empty()) {
    const bool is_same_place = process.container.empty() ? metrics.host == process.host
                                                         : metrics.container == process.container;
    return is_same_place && metrics.pid == process.pid;
  }
  return metrics.service == process.service && metrics.host == process.host &&
         (process.container.empty() || metrics.container == process.container);
}

Result<ProcessMetrics> ReadProcessMetrics(const ProcessIdentity& process, std::int64_t start_ns,
                                          std::int64_t end_ns, store::SpanStore& store,
                                          store::SpanStore::Deadline deadline) {
  query::MetricQuery query = QueryOf(process, start_ns, end_ns);
  ProcessMetrics metrics;
  std::vector<store::SeriesPage> pages;  // Whose points the series refer to.
  std::vector<analytics::ProcessSeries> series;
  std::set<ProcessMeasure> found;
  pages.reserve(kNames.size());
  for (const Name& name : kNames) {
    if (found.contains(name.measure)) {
      continue;
    }
    query.name = name.name;
    pages.push_back(TRY(PointsOf(query, store, deadline)));
    std::set<ProcessIdentity> matched;
    std::vector<analytics::ProcessSeries> of_name;
    for (const store::MetricSeries& one : pages.back().series) {
      ProcessIdentity identity =
          ProcessIdentity::Of(one.identity.service, one.identity.resource_attributes);
      if (IsSameProcess(process, identity)) {
        matched.insert(std::move(identity));
        of_name.push_back({.measure = name.measure, .points = one.points});
      }
    }
    if (IsGuess(process) && matched.size() > 1) {
      metrics.is_ambiguous = true;
    } else if (!of_name.empty()) {
      found.insert(name.measure);
      metrics.names.emplace_back(name.name);
      series.insert(series.end(), of_name.begin(), of_name.end());
    }
  }
  metrics.usage = analytics::UsageOf(series, start_ns, end_ns);
  return metrics;
}

}  // namespace sightline::api
