// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

#include "analytics/trace_view.h"
#include "api/runs/span_document.h"
#include "api/runs/span_logs.h"
#include "base/json_writer.h"
#include "model/run_record.h"

namespace sightline::api {

// The JSON of traces, as api/openapi.yaml describes it.

// The fields of a run that lists and details share, inside an object that is open.
void WriteRunFields(const model::RunRecord& run, base::JsonWriter& json);

// The same of a trace that was put together from its rows.
void WriteTraceFields(const analytics::TraceView& view, base::JsonWriter& json);

// Whether a span is a step of its run.
bool IsStepRow(const model::Span& span);

// The steps of a trace as a list shows them: no bodies, at most kMaxListSteps of them; the field
// step_count tells how many there are.
inline constexpr std::size_t kMaxListSteps = 200;
void WriteSteps(const analytics::TraceView& view, base::JsonWriter& json);

// What the run was asked, what it answered and why it failed, from its root. A run that was put
// together from log events has no span around it: it answered what its last model call did.
void WriteRun(const analytics::TraceView& view, const SpanLogs& logs, const Bodies& bodies,
              base::JsonWriter& json);

}  // namespace sightline::api
