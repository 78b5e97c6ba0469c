// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>

namespace sightline::model {

// Where a cost figure comes from.
enum class CostStatus : std::uint8_t {
  kNone,      // Not a priced kind of span, or a call that failed before it had a usage.
  kPriced,    // Computed from usage and a price rule.
  kReported,  // Stated by the sender.
  kPartial,   // Some part of the usage has no known price.
  kUnpriced,  // A call with no known price, or of no known usage: unknown, not zero.
};

// Whether an amount of this status says something: all of what was spent, or, when partial, part.
constexpr bool IsKnown(CostStatus status) {
  return status != CostStatus::kNone && status != CostStatus::kUnpriced;
}

// "", "priced", "reported", "partial", "unpriced".
std::string_view CostStatusName(CostStatus status);

// An amount in US dollars, exact to 1e-12 (prices per million tokens have up to five decimals).
//
// Thread: value.
struct Money {
  static constexpr std::int64_t kUnitsPerDollar = 1'000'000'000'000;

  std::int64_t picodollars = 0;

  double dollars() const {
    return static_cast<double>(picodollars) / static_cast<double>(kUnitsPerDollar);
  }

  friend auto operator<=>(const Money&, const Money&) = default;
};

}  // namespace sightline::model
