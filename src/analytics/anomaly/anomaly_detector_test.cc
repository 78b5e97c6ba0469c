// SPDX-License-Identifier: Apache-2.0
#include "analytics/anomaly/anomaly_detector.h"

#include <cmath>
#include <cstdint>
#include <functional>
#include <limits>
#include <vector>

#include <gtest/gtest.h>

namespace sightline::analytics {
namespace {

constexpr std::int64_t kMinute = 60'000'000'000;
constexpr std::int64_t kHour = 60 * kMinute;

// Deterministic noise in [0, 1).
double Noise(int i) {
  const double x = std::sin(i * 12.9898 + 4.1) * 43'758.5453;
  return x - std::floor(x);
}

struct Alert {
  int row;
  AnomalyVerdict verdict;
};

std::vector<Alert> AlertsOf(int rows, std::int64_t step, const std::function<double(int)>& value,
                            AnomalyDetector detector = AnomalyDetector()) {
  std::vector<Alert> alerts;
  for (int row = 0; row < rows; ++row) {
    const AnomalyVerdict verdict = detector.Observe(row * step, value(row));
    EXPECT_GE(verdict.score, 0);
    EXPECT_LT(verdict.score, 1);
    EXPECT_EQ(verdict.is_alert, verdict.score >= 0.5);
    if (verdict.is_alert) {
      alerts.push_back({row, verdict});
    }
  }
  return alerts;
}

TEST(AnomalyDetectorTest, RaisesOneAlertForASpike) {
  const auto alerts = AlertsOf(1'000, kHour, [](int row) { return row == 700 ? 100 : Noise(row); });
  ASSERT_EQ(alerts.size(), 1U);
  EXPECT_EQ(alerts[0].row, 700);
  EXPECT_EQ(alerts[0].verdict.observed, 100);
  EXPECT_LT(alerts[0].verdict.expected, 1);
}

TEST(AnomalyDetectorTest, NamesADropAsLowOrFall) {
  const auto alerts =
      AlertsOf(1'000, kHour, [](int row) { return row == 700 ? -100 : 50 + Noise(row); });
  ASSERT_EQ(alerts.size(), 1U);
  EXPECT_EQ(alerts[0].row, 700);
  EXPECT_TRUE(alerts[0].verdict.kind == AnomalyKind::kLow ||
              alerts[0].verdict.kind == AnomalyKind::kFall);
}

TEST(AnomalyDetectorTest, ScoresALevelThatMovedInsideTheUsualRange) {
  // Every tenth value is above 3; from row 3,700 on all are above 2.
  AnomalyDetector detector;
  AnomalyVerdict strangest;
  for (int row = 0; row < 3'740; ++row) {
    const double value =
        row < 3'700 ? Noise(row) + (row % 10 == 0 ? 3 : 0) : 2.5 + 0.2 * Noise(row);
    const AnomalyVerdict verdict = detector.Observe(row * kHour, value);
    if (row >= 3'700 && verdict.strength > strangest.strength) {
      strangest = verdict;
    }
  }
  EXPECT_GT(strangest.score, 0.4);
  EXPECT_EQ(strangest.kind, AnomalyKind::kHighLevel);
  EXPECT_GT(strangest.observed, strangest.expected);
}

TEST(AnomalyDetectorTest, SeesADayUnlikeTheOthers) {
  // Every day is busy from 8 to 16, but for day 20. 5 is a value that each day has.
  const auto value = [](int row) {
    const int hour = row % 24;
    const bool peak = hour >= 8 && hour < 16 && row / 24 != 20;
    return (peak ? 50.0 : 5.0) + 0.1 * Noise(row);
  };
  const auto alerts = AlertsOf(24 * 24, kHour, value);
  ASSERT_FALSE(alerts.empty());
  EXPECT_EQ(alerts[0].row / 24, 20);
}

TEST(AnomalyDetectorTest, IsQuietOnConstantPeriodicAndNoisyStreams) {
  EXPECT_TRUE(AlertsOf(5'000, kHour, [](int) { return 0.1; }).empty());
  EXPECT_TRUE(AlertsOf(5'000, kHour, [](int row) { return row % 24 < 8 ? 1.0 : 7.0; }).empty());
  EXPECT_LE(AlertsOf(10'000, kHour, [](int row) { return Noise(row); }).size(), 4U);
}

TEST(AnomalyDetectorTest, KnowsNothingOfTheFuture) {
  AnomalyDetector one;
  AnomalyDetector other;
  for (int row = 0; row < 500; ++row) {
    const double value = Noise(row) + (row == 300 ? 5 : 0);
    EXPECT_EQ(one.Observe(row * kHour, value).score, other.Observe(row * kHour, value).score);
    if (row == 400) {
      AnomalyDetector copy = other;
      copy.Observe((row + 1) * kHour, 1e9);
    }
  }
}

TEST(AnomalyDetectorTest, PassesOverWhatIsNotANumber) {
  AnomalyDetector with;
  AnomalyDetector without;
  for (int row = 0; row < 500; ++row) {
    if (row % 7 == 0) {
      EXPECT_EQ(with.Observe(row * kHour, std::numeric_limits<double>::quiet_NaN()).score, 0);
      EXPECT_EQ(with.Observe(row * kHour, std::numeric_limits<double>::infinity()).score, 0);
    }
    const double value = row == 450 ? 9 : Noise(row);
    EXPECT_EQ(with.Observe(row * kHour, value).score, without.Observe(row * kHour, value).score);
  }
}

TEST(AnomalyDetectorTest, SurvivesHugeValuesAndStrangeTimes) {
  const std::int64_t times[] = {std::numeric_limits<std::int64_t>::min(), 0, kHour, kHour, -kHour,
                                std::numeric_limits<std::int64_t>::max()};
  AnomalyDetector detector;
  for (int row = 0; row < 3'000; ++row) {
    const double value = row % 500 == 499 ? (row % 1'000 == 499 ? 1e308 : -1e308) : Noise(row);
    const AnomalyVerdict verdict = detector.Observe(times[row % 6], value);
    EXPECT_TRUE(std::isfinite(verdict.score)) << row;
    EXPECT_TRUE(std::isfinite(verdict.observed)) << row;
    EXPECT_TRUE(std::isfinite(verdict.expected)) << row;
  }
}

TEST(AnomalyDetectorTest, DoesNotDependOnTheUnitOfTheValues) {
  const auto alerts_in = [](double unit) {
    return AlertsOf(2'000, 5 * kMinute, [unit](int row) {
      return unit * (Noise(row) + (row % 600 == 599 ? 3.0 : 0.0));
    });
  };
  const auto small = alerts_in(1.0 / 1'024);
  const auto large = alerts_in(1'048'576);
  ASSERT_EQ(small.size(), large.size());
  EXPECT_FALSE(small.empty());
  for (std::size_t i = 0; i < small.size(); ++i) {
    EXPECT_EQ(small[i].row, large[i].row);
  }
}

TEST(AnomalyDetectorTest, TakesAnotherThreshold) {
  const auto value = [](int row) { return row % 300 == 299 ? 2.0 : Noise(row); };
  const auto few = AlertsOf(3'000, kHour, value, AnomalyDetector({.alert_strength = 6}));
  const auto many = AlertsOf(3'000, kHour, value, AnomalyDetector({.alert_strength = 1.5}));
  EXPECT_LT(few.size(), many.size());
}

}  // namespace
}  // namespace sightline::analytics
