// SPDX-License-Identifier: Apache-2.0
#include "analytics/bottlenecks/call_profile.h"

#include <utility>
#include <vector>

#include "analytics/bottlenecks/step_above.h"
#include "analytics/critical_path/critical_path.h"
#include "model/saturating.h"

namespace sightline::analytics {

void CallProfile::Add(const ProfiledRun& run) {
  const std::vector<std::size_t> step_of = StepsAbove(run);
  const std::vector<std::int64_t> self = SelfTimes(run.times);
  for (std::size_t i = 0; i < run.spans.size(); ++i) {
    const ProfiledSpan& span = run.spans[i];
    unpriced_calls_ += span.has_unknown_cost ? 1 : 0;
    const std::int64_t weight = weight_ == ProfileWeight::kTime   ? self[i]
                                : weight_ == ProfileWeight::kCost ? span.picodollars
                                                                  : span.tokens;
    if (weight <= 0) {
      continue;
    }
    const ProfiledSpan& step = run.spans[step_of[i]];
    Stack stack = {step.agent, step.name, step.tool_or_model};
    if (stacks_.size() >= kMostStacks && !stacks_.contains(stack)) {
      stack = {"(others)", "", ""};
    }
    std::int64_t& sum = stacks_[std::move(stack)];
    sum = model::SaturatingAdd(sum, weight);
    total_ = model::SaturatingAdd(total_, weight);
  }
}

}  // namespace sightline::analytics
