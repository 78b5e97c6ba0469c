// SPDX-License-Identifier: Apache-2.0
#include "analytics/proportion.h"

#include <algorithm>
#include <cmath>

namespace sightline::analytics {

ShareInterval IntervalOfShare(std::int64_t part, std::int64_t whole, double normal) {
  if (whole <= 0) {
    return {};
  }
  const auto n = static_cast<double>(whole);
  const double p = std::clamp(static_cast<double>(part) / n, 0.0, 1.0);
  const double center = p + normal * normal / (2 * n);
  const double spread = normal * std::sqrt(p * (1 - p) / n + normal * normal / (4 * n * n));
  const double scale = 1 + normal * normal / n;
  // At the ends the bounds are exact, and rounding must not take them off.
  return {.low = part <= 0 ? 0.0 : std::max(0.0, (center - spread) / scale),
          .high = part >= whole ? 1.0 : std::min(1.0, (center + spread) / scale)};
}

}  // namespace sightline::analytics
