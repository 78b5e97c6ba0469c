// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "analytics/trace_view.h"
#include "api/telemetry/host_figures.h"
#include "base/json_writer.h"
#include "live/figures.h"
#include "live/rates.h"
#include "live/run_snapshot.h"

namespace sightline::api {

// The JSON of live figures and runs, as api/openapi.yaml describes it.

// The `health` object, as api/openapi.yaml defines it.
void WriteHealth(const live::Figures& figures, base::JsonWriter& json);

// The `real_time` object.
void WriteRealTime(const live::Figures& figures, const live::Rates::Snapshot& rates,
                   const HostFigures& host, base::JsonWriter& json);

// `{"type":"status_update",...}` with the steps of a run.
std::string StatusUpdate(const live::RunSnapshot& snapshot);

// The run that a trace view shows, for runs that live state does not hold any more.
live::RunSnapshot SnapshotOf(const analytics::TraceView& view, std::int64_t last_received_ns);

// The `signs` member: signs of trouble that hold of a run now.
void WriteSigns(const std::vector<live::Sign>& signs, base::JsonWriter& json);

// One entry of the list of recent executions.
void WriteRecentExecution(const live::RunSummary& run, base::JsonWriter& json);

}  // namespace sightline::api
