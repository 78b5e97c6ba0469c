// SPDX-License-Identifier: Apache-2.0
#include "analytics/bottlenecks/step_above.h"

#include <algorithm>

#include "model/ancestors.h"

namespace sightline::analytics {

std::vector<std::size_t> StepsAbove(const ProfiledRun& run) {
  static_assert(TimedSpan::kNoParent == model::RunShape::kNone);
  std::vector<std::size_t> steps = model::NearestAtOrAbove(
      run.spans.size(), [&](std::size_t i) { return run.times[i].parent; },
      [&](std::size_t i) { return run.spans[i].is_step || i == run.root; });
  std::replace(steps.begin(), steps.end(), model::RunShape::kNone, run.root);
  return steps;
}

}  // namespace sightline::analytics
