// SPDX-License-Identifier: Apache-2.0
#include "demo/plan.h"

namespace sightline::demo {

const AgentRun* RunPlan::AgentOf(const Step& step) const {
  for (const Step* at = &step; at != nullptr; at = ParentOf(*at)) {
    if (const auto* agent = std::get_if<AgentRun>(&at->detail)) {
      return agent;
    }
  }
  return nullptr;
}

}  // namespace sightline::demo
