// SPDX-License-Identifier: Apache-2.0
#include "api/analyses/anomaly_finder.h"

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace sightline::api {
namespace {

using testing::HasSubstr;

constexpr std::int64_t kHour = 3'600'000'000'000;
constexpr std::size_t kHours = 20 * 24;

// 20 to 24 runs an hour of 3 seconds and a cent each, changed by `change`.
AnomalySubject Support(const std::function<void(std::size_t hour, query::FactSums&)>& change) {
  AnomalySubject subject{.kind = SubjectKind::kWorkflow, .name = "support", .hours = {}};
  subject.hours.step_ns = kHour;
  subject.hours.end_ns = static_cast<std::int64_t>(kHours) * kHour;
  for (std::size_t hour = 0; hour < kHours; ++hour) {
    query::FactSums sums;
    sums.count = 20 + static_cast<std::int64_t>(hour * 7 % 5);
    sums.duration_seconds = 3 * static_cast<double>(sums.count);
    sums.model_calls = sums.count;
    sums.cost_picodollars = sums.count * 10'000'000'000;
    change(hour, sums);
    subject.hours.sums.push_back(sums);
  }
  return subject;
}

constexpr std::size_t kStrange = 15 * 24 + 3;

TEST(FindAnomaliesTest, UsualHoursAreNone) {
  const Judgement judgement = FindAnomalies(Support([](std::size_t, query::FactSums&) {}), 0);
  EXPECT_TRUE(judgement.anomalies.empty());
  EXPECT_TRUE(judgement.not_judged.empty());
}

TEST(FindAnomaliesTest, AnHourOfDearRunsIsOneOfTheCost) {
  const auto [found, not_judged] =
      FindAnomalies(Support([](std::size_t hour, query::FactSums& sums) {
                      sums.cost_picodollars *= hour == kStrange ? 10 : 1;
                    }),
                    0);
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].measure, Measure::kCost);
  EXPECT_EQ(found[0].start_ns, static_cast<std::int64_t>(kStrange) * kHour);
  EXPECT_EQ(found[0].end_ns, found[0].start_ns + kHour);
  EXPECT_GE(found[0].score, 0.5);
  EXPECT_GT(found[0].value, 1.9);
  EXPECT_THAT(ReasonOf(found[0]), HasSubstr("cost of workflow support "));
  EXPECT_THAT(ReasonOf(found[0]), HasSubstr("dollars"));
}

TEST(FindAnomaliesTest, FailuresAndDurationsAreToldApart) {
  const auto [found, not_judged] =
      FindAnomalies(Support([](std::size_t hour, query::FactSums& sums) {
                      sums.failed = hour == kStrange ? 15 : 0;
                      sums.duration_seconds *= hour == kStrange + 100 ? 20 : 1;
                    }),
                    0);
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found[0].measure, Measure::kDuration);
  EXPECT_EQ(found[1].measure, Measure::kFailureRate);
}

TEST(FindAnomaliesTest, NothingWhereMuchWasDueIsMissingTelemetryAndNothingElse) {
  const auto [found, not_judged] =
      FindAnomalies(Support([](std::size_t hour, query::FactSums& sums) {
                      if (hour >= kStrange && hour < kStrange + 5) {
                        sums = {};
                      }
                    }),
                    0);
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].kind, "missing_telemetry");
  EXPECT_EQ(found[0].start_ns, static_cast<std::int64_t>(kStrange) * kHour);
  EXPECT_EQ(found[0].end_ns, static_cast<std::int64_t>(kStrange + 5) * kHour);
  EXPECT_GE(found[0].expected, 100);
  EXPECT_THAT(ReasonOf(found[0]), HasSubstr("nothing came of workflow support"));
}

TEST(FindAnomaliesTest, WhatWasBeforeThePeriodIsOnlyLearntFrom) {
  const AnomalySubject subject = Support([](std::size_t hour, query::FactSums& sums) {
    sums.cost_picodollars *= hour == kStrange ? 10 : 1;
  });
  EXPECT_TRUE(
      FindAnomalies(subject, static_cast<std::int64_t>(kStrange + 1) * kHour).anomalies.empty());
}

TEST(FindAnomaliesTest, AnUnknownCostIsNoLowCost) {
  const auto [found, not_judged] =
      FindAnomalies(Support([](std::size_t hour, query::FactSums& sums) {
                      if (hour >= kStrange) {
                        sums.cost_picodollars = 0;
                        sums.unpriced_calls = sums.model_calls;
                      }
                    }),
                    0);
  EXPECT_TRUE(found.empty());
}

TEST(FindAnomaliesTest, SaysOfWhichMeasuresTooFewHoursAreKnown) {
  const auto not_judged = [](std::size_t hours, std::size_t with_runs) {
    AnomalySubject subject = Support([&](std::size_t hour, query::FactSums& sums) {
      if (hour >= with_runs) {
        sums = {};
      }
    });
    subject.hours.sums.resize(hours);
    std::string text;
    for (const ThinHistory& thin : FindAnomalies(subject, 0).not_judged) {
      text += fmt::format("{} {}, ", AnomalyMeasureName(thin.measure), thin.hours);
    }
    return text;
  };
  EXPECT_EQ(not_judged(13, 13), "volume 12, cost 12, duration 12, failure_rate 12, ");
  EXPECT_EQ(not_judged(50, 50), "volume 49, cost 49, duration 49, failure_rate 49, ");
  EXPECT_EQ(not_judged(51, 51), "") << "the newest is judged from the fifty before it";
  EXPECT_EQ(not_judged(60, 30), "duration 29, failure_rate 29, ")
      << "no runs are a volume and a cost of nothing";
}

TEST(ReasonOfTest, EveryKindHasASentence) {
  for (const std::string_view kind : {"high", "low", "rise", "fall", "jump", "unsteady", "flat",
                                      "time_of_day", "high_level", "low_level"}) {
    const FoundAnomaly anomaly{.subject = SubjectKind::kModel,
                               .name = "openai/gpt-4o",
                               .measure = Measure::kRuns,
                               .kind = kind,
                               .observed = 12,
                               .expected = 3};
    EXPECT_THAT(ReasonOf(anomaly), HasSubstr("volume of model openai/gpt-4o ")) << kind;
    EXPECT_THAT(ReasonOf(anomaly), HasSubstr("12 an hour")) << kind;
    EXPECT_THAT(ReasonOf(anomaly), HasSubstr("3 an hour")) << kind;
  }
}

}  // namespace
}  // namespace sightline::api
