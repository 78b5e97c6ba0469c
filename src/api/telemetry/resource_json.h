// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "analytics/bottlenecks/profiled_run.h"
#include "analytics/trace_view.h"
#include "api/telemetry/resource_usage.h"
#include "base/json_writer.h"

namespace sightline::api {

// What the steps of many runs used, by the name of the step. Only steps that told something are in
// it.
//
// Thread: value.
class StepResources {
 public:
  void Add(const analytics::TraceView& view, const analytics::ProfiledRun& run);

  const std::map<std::string, ResourceSums>& by_name() const { return by_name_; }

  const ResourceSums& all() const { return all_; }

 private:
  std::map<std::string, ResourceSums> by_name_;
  ResourceSums all_;
};

// What one run used.
//
// Thread: value.
struct RunResources {
  std::string execution_id;
  std::int64_t start_ns = 0;
  ResourceUsage usage;
};

RunResources RunResourcesOf(const analytics::TraceView& view);

// A bottleneck, inside an array that is open, for each step whose average usage of memory or CPU is
// high; at most 100 of each, the highest first.
void WriteResourceBottlenecks(const StepResources& steps, base::JsonWriter& json);

// The four trends of `runs`, which are in order of time, and `reported_runs`, inside an object that
// is open.
void WriteResourceTrends(const std::vector<RunResources>& runs, base::JsonWriter& json);

// The average of those that told something under `key`, null when none did.
void WriteAverage(base::JsonWriter& json, std::string_view key, const ResourceSums& sums,
                  Resource resource);

}  // namespace sightline::api
