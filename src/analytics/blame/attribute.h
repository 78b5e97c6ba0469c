// SPDX-License-Identifier: Apache-2.0
// Who made a run of several agents fail, and when: every step that an agent took is asked the
// questions of step_features.h, the answers are weighted and added, and the sums are made
// probabilities over the steps of the run. The answer is a suspicion with reasons, not a proof.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "analytics/blame/recorded_run.h"

namespace sightline::analytics::blame {

// A step that may have made the run fail.
//
// Thread: value.
struct SuspectedStep {
  std::size_t step = 0;  // Index in the run.
  std::string agent;
  double probability = 0;            // Of being the step to blame; all steps of a run sum to 1.
  std::vector<std::string> reasons;  // Sentences, the weightiest first. May be empty.
};

struct SuspectedAgent {
  std::string agent;       // As its first step spells it.
  double probability = 0;  // The sum over its steps.
};

// Thread: value.
struct Attribution {
  // Empty: unknown. Each is judged by itself: an agent with many suspicious steps can be likelier
  // than the agent of the single most suspicious step.
  std::optional<std::string> agent;
  std::optional<std::size_t> step;

  std::string unknown_because;         // A sentence without full stop; empty when both are known.
  std::vector<SuspectedStep> steps;    // Best first, at most `max_steps`.
  std::vector<SuspectedAgent> agents;  // Best first, all of them.
};

struct AttributionOptions {
  std::size_t max_steps = 5;
  std::size_t max_reasons = 3;

  // A step is named when it is at least this many times as likely as a blind guess among the
  // candidates, unless there is one only. Below that nothing stands out.
  double least_lift = 1.25;

  // An agent is named when it is at least this many times as likely as the next one: not when two
  // are as likely as each other but for rounding.
  double least_lead = 1.001;
};

// Cost: linear in the bytes of the texts.
Attribution Attribute(const RecordedRun& run, const AttributionOptions& options = {});

}  // namespace sightline::analytics::blame
