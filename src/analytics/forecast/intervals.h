// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace sightline::analytics {

// Forecast errors of one origin: how far what came was from the forecast at each step of the
// horizon; NaN where it is not known what came.
using StepErrors = std::vector<double>;

// Half the width of a band around a forecast for each step of the horizon, so that it would have
// held `level` of the errors made from past origins (conformal prediction). Every step has a scale
// of its own, the mean absolute error there and at its neighbours; the quantile of the errors over
// these scales is common to all steps. It is taken at level * (n + 1) / n, where n is three times
// the number of origins: the fewer there are, the wider the band. Empty when there are no errors.
// Precondition: 0 < level < 1.
std::vector<double> ConformalHalfWidths(std::span<const StepErrors> errors, double level);

}  // namespace sightline::analytics
