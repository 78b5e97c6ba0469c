// SPDX-License-Identifier: Apache-2.0
#include "analytics/failure_course.h"

#include <algorithm>

#include "analytics/proportion.h"
#include "model/saturating.h"

namespace sightline::analytics {
namespace {

// Never negative; saturates.
std::int64_t Between(std::int64_t from_ns, std::int64_t to_ns) {
  return std::max<std::int64_t>(0, model::SaturatingSubtract(to_ns, from_ns));
}

FailureState StateOf(std::span<const std::int64_t> times, const FailurePeriod& period) {
  const std::int64_t long_ns = Between(period.start_ns, period.end_ns) / 2;
  if (times.front() >= period.start_ns && period.has_before) {
    return FailureState::kNew;
  }
  for (std::size_t i = 1; i < times.size(); ++i) {
    if (times[i] >= period.start_ns && Between(times[i - 1], times[i]) >= long_ns) {
      return FailureState::kReturning;
    }
  }
  return times.front() >= period.start_ns ? FailureState::kUnknown : FailureState::kOngoing;
}

FailureTrend TrendOf(std::int64_t second_half, std::int64_t all, double expected) {
  constexpr std::int64_t kLeast = 5;
  if (all < kLeast) {
    return FailureTrend::kNotEnoughData;
  }
  const ShareInterval share = IntervalOfShare(second_half, all);
  if (share.low > expected) {
    return FailureTrend::kRising;
  }
  return share.high < expected ? FailureTrend::kFalling : FailureTrend::kSteady;
}

}  // namespace

std::string_view NameOf(FailureState state) {
  switch (state) {
    case FailureState::kUnknown:
      return "unknown";
    case FailureState::kNew:
      return "new";
    case FailureState::kReturning:
      return "returning";
    case FailureState::kOngoing:
      return "ongoing";
  }
  return "";
}

std::string_view NameOf(FailureTrend trend) {
  switch (trend) {
    case FailureTrend::kNotEnoughData:
      return "not_enough_data";
    case FailureTrend::kRising:
      return "rising";
    case FailureTrend::kFalling:
      return "falling";
    case FailureTrend::kSteady:
      return "steady";
  }
  return "";
}

FailureCourse CourseOf(std::span<const std::int64_t> times, const FailurePeriod& period) {
  constexpr auto kSteps = static_cast<std::int64_t>(FailureCourse::kSteps);
  FailureCourse course{.counts = std::vector<std::int64_t>(FailureCourse::kSteps, 0)};
  const std::int64_t length_ns = Between(period.start_ns, period.end_ns);
  const std::int64_t step_ns = std::max<std::int64_t>(1, length_ns / kSteps);
  std::int64_t all = 0;
  std::int64_t second_half = 0;
  for (const std::int64_t time_ns : times) {
    if (time_ns < period.start_ns) {
      continue;
    }
    const std::int64_t since = Between(period.start_ns, time_ns);
    ++course.counts[static_cast<std::size_t>(std::min(kSteps - 1, since / step_ns))];
    ++all;
    second_half += since >= length_ns / 2 ? 1 : 0;
  }
  if (all > 0) {
    course.state = StateOf(times, period);
    course.trend = TrendOf(second_half, all, period.second_half);
  }
  return course;
}

}  // namespace sightline::analytics
