// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

#include "analytics/trace_view.h"
#include "base/json_writer.h"

namespace sightline::api {

// The JSON of traces, as api/openapi.yaml describes it.

// The fields of a trace that lists and details share, inside an object that is open.
void WriteTraceFields(const analytics::TraceView& view, base::JsonWriter& json);

// The steps of a trace as a list shows them: no bodies, at most kMaxListSteps of them.
inline constexpr std::size_t kMaxListSteps = 200;
void WriteSteps(const analytics::TraceView& view, base::JsonWriter& json);

}  // namespace sightline::api
