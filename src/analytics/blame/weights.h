// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>

#include "analytics/blame/step_features.h"

namespace sightline::analytics::blame {

// What one unit of each answer adds to the log-odds that a step is to blame, in the order of
// Question. Learnt by bench/accuracy/learn_attribution from failed runs whose culprit is known;
// docs/analytics-blame.md says how.
extern const std::array<double, kQuestionCount> kWeights;

}  // namespace sightline::analytics::blame
