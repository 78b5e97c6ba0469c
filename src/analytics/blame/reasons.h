// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "analytics/blame/recorded_run.h"
#include "analytics/blame/step_features.h"

namespace sightline::analytics::blame {

// What the answer to a question means for a candidate, as the end of a sentence that begins with
// the step; empty when the answer is no, or no reason to suspect anybody.
std::string ReasonFor(Question question, const Candidate& candidate, const RecordedRun& run);

}  // namespace sightline::analytics::blame
