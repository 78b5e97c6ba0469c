// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "model/metric_point.h"

namespace sightline::analytics {

// What the metrics of a process are of.
enum class ProcessMeasure : std::uint8_t {
  kCpuTime,   // Seconds, a counter.
  kCpuShare,  // Of the CPUs that it may use, 0 to 1, a gauge.
  kMemory,    // Bytes, a gauge.
  kDisk,      // Bytes, a counter.
  kNetwork,   // Bytes, a counter.
};

// One series of a process; a measure may have several, such as user and system time. Points are in
// order of time; what is no gauge and no sum is passed over.
//
// Thread: value. Refers to the points.
struct ProcessSeries {
  ProcessMeasure measure = ProcessMeasure::kCpuTime;
  std::span<const model::MetricPoint> points;
};

// What a process used in a time, as far as its metrics tell: of all that it did in it, whoever it
// did it for.
//
// Thread: value.
struct ProcessUsage {
  std::optional<double> cpu_seconds;
  std::optional<double> cpu_usage;  // Percent of one CPU.
  std::optional<double> cpu_share;  // Percent of the CPUs that it may use, on average.
  std::optional<double> memory_mb;  // The highest.
  std::optional<double> memory_change_mb;
  std::optional<double> disk_bytes;
  std::optional<double> network_bytes;
  // The longest time between two samples that these figures rest on: what is much shorter than that
  // is told apart from its neighbours by no figure. 0: they rest on none.
  std::int64_t resolution_ns = 0;
};

// Between samples further apart than this nothing is known.
inline constexpr std::int64_t kLongestSampleGapNs = std::int64_t{600} * 1'000'000'000;

// Counters: what they grew by between two samples is taken to have come evenly, so that a part of
// that time has the same part of the growth. A counter that shrinks, or begins again, has begun at
// 0. A figure is empty when less than half of the time is measured; a rate is of the measured part.
//
// Gauges: of the samples in the time; when there are none, of the one that is nearest to it. The
// change of memory needs two samples in the time.
//
// `start_ns` <= `end_ns`; of no time at all only gauges are known.
ProcessUsage UsageOf(std::span<const ProcessSeries> series, std::int64_t start_ns,
                     std::int64_t end_ns);

}  // namespace sightline::analytics
