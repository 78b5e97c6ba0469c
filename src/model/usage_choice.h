// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "model/run_span.h"

namespace sightline::model {

// Which spans of a run count towards its usage, so that a call is counted once although other spans
// repeat it. `parents[i]` is the index of the parent of spans[i] or RunShape::kNone, without
// cycles.
std::vector<bool> ChooseCounted(std::span<const RunSpan> spans,
                                std::span<const std::size_t> parents);

}  // namespace sightline::model
