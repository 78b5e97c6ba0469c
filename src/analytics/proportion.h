// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace sightline::analytics {

inline constexpr double kNormal95 = 1.959963984540054;  // Two-sided 95 % of a normal distribution.

// Between which shares (0 to 1) the true one lies with 95 % confidence when `part` of `whole` were
// seen: the score interval (Wilson, JASA 1927). 0 to 1 when nothing was seen. Another confidence by
// its two-sided normal quantile.
struct ShareInterval {
  double low = 0;
  double high = 1;
};

ShareInterval IntervalOfShare(std::int64_t part, std::int64_t whole, double normal = kNormal95);

}  // namespace sightline::analytics
