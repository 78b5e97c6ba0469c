// SPDX-License-Identifier: Apache-2.0
#include "analytics/forecast/intervals.h"

#include <algorithm>
#include <cmath>

#include "analytics/forecast/series.h"

namespace sightline::analytics {
namespace {

// Steps to either side that share in the scale of a step.
constexpr std::size_t kNeighbours = 2;
// The scale of all steps stands in for this many origins: with few, steps differ by chance.
constexpr double kPriorOrigins = 3;
// Errors at neighbouring steps are alike: those of one origin are worth this many independent ones.
constexpr double kErrorsPerOrigin = 3;

struct SumAndCount {
  double sum = 0;
  double count = 0;
};

std::vector<double> ScalesOf(std::span<const StepErrors> errors, std::size_t horizon) {
  std::vector<SumAndCount> steps(horizon);
  SumAndCount all;
  for (const StepErrors& origin : errors) {
    for (std::size_t h = 0; h < horizon; ++h) {
      if (std::isfinite(origin[h])) {
        steps[h].sum += std::abs(origin[h]);
        steps[h].count += 1;
        all.sum += std::abs(origin[h]);
        all.count += 1;
      }
    }
  }
  const double common = all.count > 0 ? all.sum / all.count : 0;
  std::vector<double> scales(horizon);
  for (std::size_t h = 0; h < horizon; ++h) {
    SumAndCount near = {kPriorOrigins * common, kPriorOrigins};
    const std::size_t last = std::min(horizon - 1, h + kNeighbours);
    for (std::size_t i = h - std::min(h, kNeighbours); i <= last; ++i) {
      near.sum += steps[i].sum;
      near.count += steps[i].count;
    }
    scales[h] = near.sum / near.count;
  }
  return scales;
}

}  // namespace

std::vector<double> ConformalHalfWidths(std::span<const StepErrors> errors, double level) {
  if (errors.empty()) {
    return {};
  }
  const std::size_t horizon = errors.front().size();
  std::vector<double> widths = ScalesOf(errors, horizon);
  std::vector<double> scaled;
  for (const StepErrors& origin : errors) {
    for (std::size_t h = 0; h < horizon; ++h) {
      if (std::isfinite(origin[h]) && widths[h] > 0) {
        scaled.push_back(std::abs(origin[h]) / widths[h]);
      }
    }
  }
  const double count = kErrorsPerOrigin * static_cast<double>(errors.size());
  const double factor = Quantile(std::move(scaled), std::min(1.0, level * (count + 1) / count));
  for (double& width : widths) {
    width *= factor;
  }
  return widths;
}

}  // namespace sightline::analytics
