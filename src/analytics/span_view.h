// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>

#include "analytics/trace_view.h"
#include "model/ids.h"
#include "model/span.h"

namespace sightline::analytics {

// A view with one span only, of which it says what the whole trace says: why its parent is missing,
// whether it counts, the status of the run; `root` is kNone unless the span is the root, and the
// summary has no more than the status. Without spans when the trace has no such span. Precondition:
// the rows are of one trace.
TraceView AssembleSpan(std::span<const model::Span> rows, const model::SpanId& span_id,
                       const AssembleOptions& options);

}  // namespace sightline::analytics
