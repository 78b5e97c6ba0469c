// SPDX-License-Identifier: Apache-2.0
#include "analytics/process_usage.h"

#include <limits>
#include <optional>
#include <vector>

#include <gtest/gtest.h>

namespace sightline::analytics {
namespace {

using model::MetricPoint;
using model::MetricType;

constexpr std::int64_t kSecond = 1'000'000'000;

MetricPoint Counter(std::int64_t second, double value, std::int64_t start_second = 0) {
  return {.time_ns = second * kSecond,
          .start_ns = start_second * kSecond,
          .type = MetricType::kSum,
          .temporality = 2,
          .is_monotonic = true,
          .value = value};
}

MetricPoint Delta(std::int64_t start_second, std::int64_t second, double value) {
  MetricPoint point = Counter(second, value, start_second);
  point.temporality = 1;
  return point;
}

MetricPoint Gauge(std::int64_t second, double value) {
  return {.time_ns = second * kSecond, .type = MetricType::kGauge, .value = value};
}

ProcessUsage Of(ProcessMeasure measure, const std::vector<MetricPoint>& points, std::int64_t start,
                std::int64_t end) {
  const std::vector<ProcessSeries> series = {{.measure = measure, .points = points}};
  return UsageOf(series, start * kSecond, end * kSecond);
}

TEST(ProcessUsageTest, APartOfTheTimeHasThatPartOfTheGrowth) {
  const std::vector<MetricPoint> points = {Counter(60, 100), Counter(120, 130), Counter(180, 136)};

  struct Case {
    std::int64_t start;
    std::int64_t end;
    double seconds;
    double percent;
    std::int64_t resolution;
  };

  for (const Case& c :
       {Case{60, 120, 30, 50, 60}, Case{70, 80, 5, 50, 60}, Case{120, 180, 6, 10, 60},
        Case{60, 180, 36, 30, 60}, Case{110, 130, 6, 30, 60}}) {
    const ProcessUsage usage = Of(ProcessMeasure::kCpuTime, points, c.start, c.end);
    EXPECT_NEAR(usage.cpu_seconds.value(), c.seconds, 1e-9) << c.start;
    EXPECT_NEAR(usage.cpu_usage.value(), c.percent, 1e-9) << c.start;
    EXPECT_EQ(usage.resolution_ns, c.resolution * kSecond) << c.start;
  }
}

TEST(ProcessUsageTest, WhatIsNotMeasuredIsNotKnown) {
  const std::vector<MetricPoint> points = {Counter(60, 0), Counter(120, 60)};
  EXPECT_FALSE(Of(ProcessMeasure::kCpuTime, points, 0, 50).cpu_seconds);
  EXPECT_FALSE(Of(ProcessMeasure::kCpuTime, points, 130, 140).cpu_seconds);
  EXPECT_FALSE(Of(ProcessMeasure::kCpuTime, points, 0, 80).cpu_seconds) << "a quarter of it";
  const ProcessUsage half = Of(ProcessMeasure::kCpuTime, points, 0, 120);
  EXPECT_NEAR(half.cpu_seconds.value(), 60, 1e-9);
  EXPECT_NEAR(half.cpu_usage.value(), 100, 1e-9) << "of the measured part";
  EXPECT_FALSE(Of(ProcessMeasure::kCpuTime, points, 70, 70).cpu_seconds) << "no time";
  EXPECT_FALSE(Of(ProcessMeasure::kCpuTime, {}, 0, 10).cpu_seconds);
  EXPECT_FALSE(Of(ProcessMeasure::kCpuTime, {Counter(0, 0), Counter(601, 60)}, 10, 20).cpu_seconds)
      << "samples that are too far apart";
}

TEST(ProcessUsageTest, ACounterThatBeginsAgainHasBegunAtZero) {
  const auto bytes = [](const std::vector<MetricPoint>& points) {
    return Of(ProcessMeasure::kDisk, points, 0, 20).disk_bytes.value();
  };
  EXPECT_NEAR(bytes({Counter(0, 500), Counter(10, 520), Counter(20, 30)}), 50, 1e-9) << "smaller";
  EXPECT_NEAR(bytes({Counter(0, 5), Counter(10, 20), Counter(20, 30, 15)}), 45, 1e-9)
      << "restarted";
}

TEST(ProcessUsageTest, DeltasAreOfTheTimeThatTheySay) {
  const std::vector<MetricPoint> points = {Delta(0, 10, 100), Delta(10, 20, 300)};
  EXPECT_NEAR(Of(ProcessMeasure::kNetwork, points, 0, 20).network_bytes.value(), 400, 1e-9);
  EXPECT_NEAR(Of(ProcessMeasure::kNetwork, points, 5, 15).network_bytes.value(), 200, 1e-9);
}

TEST(ProcessUsageTest, SeriesOfAMeasureAreAddedUp) {
  const std::vector<MetricPoint> user = {Counter(0, 0), Counter(10, 4)};
  const std::vector<MetricPoint> system = {Counter(0, 0), Counter(10, 1)};
  const std::vector<ProcessSeries> series = {
      {.measure = ProcessMeasure::kCpuTime, .points = user},
      {.measure = ProcessMeasure::kCpuTime, .points = system}};
  const ProcessUsage usage = UsageOf(series, 0, 10 * kSecond);
  EXPECT_NEAR(usage.cpu_seconds.value(), 5, 1e-9);
  EXPECT_NEAR(usage.cpu_usage.value(), 50, 1e-9);
}

TEST(ProcessUsageTest, GaugesAreOfTheSamplesInTheTimeOrTheNearest) {
  const std::vector<MetricPoint> memory = {Gauge(0, 90e6), Gauge(10, 100e6), Gauge(20, 300e6),
                                           Gauge(30, 150e6)};
  const ProcessUsage inside = Of(ProcessMeasure::kMemory, memory, 10, 30);
  EXPECT_NEAR(inside.memory_mb.value(), 300, 1e-9);
  EXPECT_NEAR(inside.memory_change_mb.value(), 50, 1e-9);
  EXPECT_EQ(inside.resolution_ns, 0);
  const ProcessUsage between = Of(ProcessMeasure::kMemory, memory, 11, 14);
  EXPECT_NEAR(between.memory_mb.value(), 100, 1e-9);
  EXPECT_FALSE(between.memory_change_mb);
  EXPECT_EQ(between.resolution_ns, kSecond);
  EXPECT_FALSE(Of(ProcessMeasure::kMemory, memory, 700, 710).memory_mb) << "long ago";
  const std::vector<MetricPoint> share = {Gauge(10, 0.25), Gauge(20, 0.75)};
  EXPECT_NEAR(Of(ProcessMeasure::kCpuShare, share, 10, 20).cpu_share.value(), 50, 1e-9);
}

TEST(ProcessUsageTest, WhatIsNoNumberIsPassedOver) {
  MetricPoint histogram = Gauge(10, 7);
  histogram.type = MetricType::kHistogram;
  EXPECT_FALSE(Of(ProcessMeasure::kMemory, {histogram}, 0, 20).memory_mb);
  EXPECT_FALSE(
      Of(ProcessMeasure::kMemory, {Gauge(10, std::numeric_limits<double>::quiet_NaN())}, 0, 20)
          .memory_mb);
  EXPECT_FALSE(Of(ProcessMeasure::kCpuTime, {Gauge(0, 1), Gauge(10, 2)}, 0, 10).cpu_seconds);
}

}  // namespace
}  // namespace sightline::analytics
