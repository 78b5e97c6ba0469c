// SPDX-License-Identifier: Apache-2.0
#include "analytics/bottlenecks/step_above.h"

namespace sightline::analytics {

std::vector<std::size_t> StepsAbove(const ProfiledRun& run) {
  constexpr std::size_t kNone = TimedSpan::kNoParent;
  std::vector<std::size_t> steps(run.spans.size(), kNone);
  std::vector<std::size_t> way;
  for (std::size_t i = 0; i < run.spans.size(); ++i) {
    std::size_t at = i;
    while (at != kNone && steps[at] == kNone && !run.spans[at].is_step && at != run.root) {
      way.push_back(at);
      at = run.times[at].parent;
    }
    std::size_t step = run.root;
    if (at != kNone) {
      step = steps[at] != kNone ? steps[at] : at;
      steps[at] = step;
    }
    for (const std::size_t below : way) {
      steps[below] = step;
    }
    way.clear();
  }
  return steps;
}

}  // namespace sightline::analytics
