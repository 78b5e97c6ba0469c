// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "analytics/bottlenecks/bottlenecks.h"
#include "api/runs/trace_loader.h"
#include "base/json_writer.h"
#include "base/result.h"
#include "store/store.h"

namespace sightline::api {

// Serial calls of a run of which the texts say that the second did not need the first. At most 200
// of a run are looked at.
base::Result<std::vector<analytics::SerialCalls>> IndependentCalls(
    store::SpanStore& store, const TraceLoader& loader, const analytics::TraceView& view,
    const analytics::ProfiledRun& run);

// `critical_path`, `self_time`, `serial_calls_that_could_be_parallel`, `retries`, `repeated_calls`
// and `cost_status`, inside an object that is open. At most 100 of each, the most first.
void WriteBottleneckSums(const analytics::BottleneckSums& sums, base::JsonWriter& json);

}  // namespace sightline::api
