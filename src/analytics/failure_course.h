// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string_view>
#include <vector>

namespace sightline::analytics {

// The time that failures are told of, and what else is known of its runs.
//
// Thread: value.
struct FailurePeriod {
  std::int64_t start_ns = std::numeric_limits<std::int64_t>::min();
  std::int64_t end_ns = std::numeric_limits<std::int64_t>::max();
  double second_half = 0.5;  // The share of its runs that started in its second half.
  bool has_before = false;   // Runs are known of as long a time before it.
};

enum class FailureState : std::uint8_t {
  kUnknown,    // Nothing is known of the time before.
  kNew,        // Not seen in as long a time before the period.
  kReturning,  // Not seen for half a period or longer, then again.
  kOngoing,
};

enum class FailureTrend : std::uint8_t {
  kNotEnoughData,  // Fewer than five.
  kRising,         // More of them in the second half than its share of all runs explains.
  kFalling,
  kSteady,
};

// "unknown", "new", "returning", "ongoing".
std::string_view NameOf(FailureState state);

// "not_enough_data", "rising", "falling", "steady".
std::string_view NameOf(FailureTrend trend);

// How failures of one kind spread over a period.
//
// Thread: value.
struct FailureCourse {
  static constexpr std::size_t kSteps = 24;

  std::vector<std::int64_t> counts;  // In each of kSteps equal parts of the period.
  FailureState state = FailureState::kUnknown;
  FailureTrend trend = FailureTrend::kNotEnoughData;
};

// `times`: ascending, before the end of the period; also those from before its start. The trend is
// told when the share of the second half differs from that of all runs with 95 % confidence (score
// interval).
FailureCourse CourseOf(std::span<const std::int64_t> times, const FailurePeriod& period);

}  // namespace sightline::analytics
