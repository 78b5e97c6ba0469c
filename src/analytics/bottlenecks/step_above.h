// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <vector>

#include "analytics/bottlenecks/profiled_run.h"

namespace sightline::analytics {

// For each span, itself if it is a step, else the nearest step above it, else the root. Cost:
// linear. Precondition: parents have no circles.
std::vector<std::size_t> StepsAbove(const ProfiledRun& run);

}  // namespace sightline::analytics
