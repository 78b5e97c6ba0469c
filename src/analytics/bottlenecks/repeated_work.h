// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <vector>

#include "analytics/bottlenecks/profiled_run.h"

namespace sightline::analytics {

// Steps of a run whose work was done again.
//
// Thread: value.
struct RepeatedWork {
  std::vector<std::size_t> attempts;  // That failed, and the same step followed under one parent.
  std::vector<std::size_t> repeats;   // Tool calls that were answered already.
};

// An attempt is a failed step directly before another one of its name under its parent, with equal
// arguments where both are tool calls with known ones. A tool call is a repeat when a call of the
// same tool with the same (known) arguments has succeeded before it began, and no tool was called
// since that changes something, by the verb of its name (blame/step_role.h): the answer can be
// another one then. None is both. Cost: O(n log n).
RepeatedWork FindRepeatedWork(const ProfiledRun& run);

}  // namespace sightline::analytics
