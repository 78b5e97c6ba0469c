// SPDX-License-Identifier: Apache-2.0
#include "analytics/process_usage.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace sightline::analytics {
namespace {

using model::MetricPoint;
using model::MetricType;

constexpr std::uint8_t kDelta = 1;
constexpr double kMegabyte = 1e6;

struct Window {
  std::int64_t start_ns;
  std::int64_t end_ns;

  double length() const { return static_cast<double>(end_ns - start_ns); }

  // How much of the time from `from_ns` to `to_ns` is in it.
  double Share(std::int64_t from_ns, std::int64_t to_ns) const {
    const std::int64_t overlap = std::min(to_ns, end_ns) - std::max(from_ns, start_ns);
    return overlap <= 0 || to_ns <= from_ns
               ? 0
               : static_cast<double>(overlap) / static_cast<double>(to_ns - from_ns);
  }
};

// What a counter grew by in a window.
struct Growth {
  double amount = 0;
  double measured_ns = 0;
  std::int64_t resolution_ns = 0;
};

// What the counter grew by from the sample before to this one.
double IncreaseOf(const MetricPoint& before, const MetricPoint& point) {
  const bool has_begun_again = point.value < before.value || point.start_ns > before.time_ns;
  return has_begun_again ? point.value : point.value - before.value;
}

Growth GrowthOf(std::span<const MetricPoint> points, const Window& window) {
  Growth growth;
  const auto add = [&](std::int64_t from_ns, std::int64_t to_ns, double amount) {
    const double share = window.Share(from_ns, to_ns);
    if (share <= 0 || to_ns - from_ns > kLongestSampleGapNs || amount < 0) {
      return;
    }
    growth.amount += amount * share;
    growth.measured_ns += share * static_cast<double>(to_ns - from_ns);
    growth.resolution_ns = std::max(growth.resolution_ns, to_ns - from_ns);
  };
  for (std::size_t i = 0; i < points.size(); ++i) {
    const MetricPoint& point = points[i];
    if (point.type != MetricType::kSum || !std::isfinite(point.value)) {
      continue;
    }
    if (point.temporality == kDelta) {
      add(point.start_ns, point.time_ns, point.value);
    } else if (i > 0) {
      add(points[i - 1].time_ns, point.time_ns, IncreaseOf(points[i - 1], point));
    }
  }
  return growth;
}

// What a gauge says of a window.
struct Level {
  double sum = 0;
  std::size_t count = 0;
  double first = 0;
  double last = 0;
  double highest = 0;
  std::int64_t distance_ns = 0;  // Of the nearest sample, when none is inside.

  void Take(double value) {
    first = count == 0 ? value : first;
    highest = count == 0 ? value : std::max(highest, value);
    last = value;
    sum += value;
    ++count;
  }
};

std::optional<Level> LevelOf(std::span<const MetricPoint> points, const Window& window) {
  Level level;
  const MetricPoint* nearest = nullptr;
  std::int64_t distance_ns = kLongestSampleGapNs;
  for (const MetricPoint& point : points) {
    const bool is_number = point.type == MetricType::kGauge || point.type == MetricType::kSum;
    if (!is_number || !std::isfinite(point.value)) {
      continue;
    }
    const std::int64_t away_ns =
        std::max({window.start_ns - point.time_ns, point.time_ns - window.end_ns, std::int64_t{0}});
    if (away_ns == 0) {
      level.Take(point.value);
    } else if (away_ns <= distance_ns) {
      distance_ns = away_ns;
      nearest = &point;
    }
  }
  if (level.count == 0 && nearest != nullptr) {
    level.Take(nearest->value);
    level.distance_ns = distance_ns;
  }
  return level.count == 0 ? std::nullopt : std::optional(level);
}

void Add(std::optional<double>& sum, double value) {
  sum = sum.value_or(0) + value;
}

void AddGrowth(const ProcessSeries& series, const Window& window, ProcessUsage& usage) {
  const Growth growth = GrowthOf(series.points, window);
  if (growth.measured_ns <= 0 || growth.measured_ns * 2 < window.length()) {
    return;
  }
  usage.resolution_ns = std::max(usage.resolution_ns, growth.resolution_ns);
  if (series.measure == ProcessMeasure::kDisk) {
    Add(usage.disk_bytes, growth.amount);
  } else if (series.measure == ProcessMeasure::kNetwork) {
    Add(usage.network_bytes, growth.amount);
  } else {
    Add(usage.cpu_seconds, growth.amount);
    Add(usage.cpu_usage, growth.amount * 1e9 / growth.measured_ns * 100);
  }
}

void AddLevel(const ProcessSeries& series, const Window& window, ProcessUsage& usage) {
  const std::optional<Level> level = LevelOf(series.points, window);
  if (!level) {
    return;
  }
  usage.resolution_ns = std::max(usage.resolution_ns, level->distance_ns);
  if (series.measure == ProcessMeasure::kCpuShare) {
    Add(usage.cpu_share, level->sum / static_cast<double>(level->count) * 100);
    return;
  }
  Add(usage.memory_mb, level->highest / kMegabyte);
  if (level->count > 1) {
    Add(usage.memory_change_mb, (level->last - level->first) / kMegabyte);
  }
}

}  // namespace

ProcessUsage UsageOf(std::span<const ProcessSeries> series, std::int64_t start_ns,
                     std::int64_t end_ns) {
  const Window window{.start_ns = start_ns, .end_ns = end_ns};
  ProcessUsage usage;
  for (const ProcessSeries& one : series) {
    switch (one.measure) {
      case ProcessMeasure::kCpuTime:
      case ProcessMeasure::kDisk:
      case ProcessMeasure::kNetwork:
        AddGrowth(one, window, usage);
        break;
      case ProcessMeasure::kCpuShare:
      case ProcessMeasure::kMemory:
        AddLevel(one, window, usage);
        break;
    }
  }
  return usage;
}

}  // namespace sightline::analytics
