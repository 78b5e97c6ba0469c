// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "analytics/trace_view.h"
#include "model/span.h"

namespace sightline::analytics {

// Which spans of a trace count towards its usage, so that a call is counted once whoever repeats
// it. `parents[i]` is the index of the parent of spans[i] or TraceView::kNone, without cycles.
std::vector<bool> ChooseCounted(std::span<const model::Span> spans,
                                std::span<const std::size_t> parents);

// The sums over the chosen spans.
Totals SumCounted(std::span<const model::Span> spans, const std::vector<bool>& counted);

}  // namespace sightline::analytics
