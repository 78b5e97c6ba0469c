// SPDX-License-Identifier: Apache-2.0
#include "analytics/failure_course.h"

#include <cstdint>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace sightline::analytics {
namespace {

using Times = std::vector<std::int64_t>;
using ::testing::Each;

// From 1000 to 1240: steps of 10.
constexpr FailurePeriod kPeriod = {.start_ns = 1000, .end_ns = 1240, .has_before = true};

TEST(FailureCourseTest, CountsInEqualStepsWithoutWhatWasBefore) {
  const FailureCourse course = CourseOf(Times{900, 1000, 1009, 1010, 1239}, kPeriod);
  ASSERT_EQ(course.counts.size(), FailureCourse::kSteps);
  EXPECT_EQ(course.counts[0], 2);
  EXPECT_EQ(course.counts[1], 1);
  EXPECT_EQ(course.counts[23], 1);
}

TEST(FailureCourseTest, TellsWhetherItIsNew) {
  struct Case {
    const char* name;
    Times times;
    bool has_before;
    FailureState state;
  };

  for (const Case& one : {
           Case{"not before", {1100, 1200}, true, FailureState::kNew},
           Case{"nothing is known of before", {1100, 1200}, false, FailureState::kUnknown},
           Case{"before and since", {950, 1010, 1100, 1200}, true, FailureState::kOngoing},
           Case{"silent for half a period", {950, 1075}, true, FailureState::kReturning},
           Case{"silent within the period", {1001, 1130}, false, FailureState::kReturning},
           Case{"silent before the period only", {800, 950, 1001}, true, FailureState::kOngoing},
       }) {
    const FailurePeriod period = {.start_ns = 1000, .end_ns = 1240, .has_before = one.has_before};
    EXPECT_EQ(CourseOf(one.times, period).state, one.state) << one.name;
  }
}

TEST(FailureCourseTest, TellsATrendBeyondWhatTheNumberOfRunsExplains) {
  const Times late = {1010, 1130, 1140, 1150, 1160, 1170, 1180, 1190, 1200};
  FailurePeriod period = kPeriod;
  EXPECT_EQ(CourseOf(late, period).trend, FailureTrend::kRising);
  period.second_half = 0.85;  // Most runs were late, too.
  EXPECT_EQ(CourseOf(late, period).trend, FailureTrend::kSteady);
  EXPECT_EQ(CourseOf(Times{1000, 1001, 1002, 1003, 1004, 1005, 1006, 1200}, kPeriod).trend,
            FailureTrend::kFalling);
  EXPECT_EQ(CourseOf(Times{1000, 1200, 1201, 1202}, kPeriod).trend, FailureTrend::kNotEnoughData);
}

TEST(FailureCourseTest, OfAnEndlessPeriodIsOneOfSteps) {
  const FailureCourse course = CourseOf(Times{1, 2, 3}, {});
  EXPECT_EQ(course.counts.size(), FailureCourse::kSteps);
  EXPECT_THAT(CourseOf(Times{}, kPeriod).counts, Each(0));
}

}  // namespace
}  // namespace sightline::analytics
