// SPDX-License-Identifier: Apache-2.0
#include "demo/service_metrics.h"

#include <algorithm>
#include <utility>

namespace sightline::demo {
namespace {

using otlp::MetricKind;

// The bounds that the GenAI conventions recommend.
const std::vector<double>& TokenBounds() {
  static const std::vector<double> kBounds = {1,     4,     16,     64,      256,     1024,    4096,
                                              16384, 65536, 262144, 1048576, 4194304, 16777216};
  return kBounds;
}

const std::vector<double>& SecondBounds() {
  static const std::vector<double> kBounds = {0.01, 0.02, 0.04, 0.08,  0.16,  0.32,  0.64,
                                              1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92};
  return kBounds;
}

constexpr int kCores = 4;

}  // namespace

ServiceMetrics::ServiceMetrics(std::int64_t start_ns, double base_memory_mb, Random random)
    : start_ns_(start_ns),
      random_(random),
      collected_ns_(start_ns),
      memory_mb_(base_memory_mb),
      base_memory_mb_(base_memory_mb) {}

void ServiceMetrics::Record(Histogram& histogram, double value, const std::vector<double>& bounds) {
  histogram.buckets.resize(bounds.size() + 1);
  const auto bucket = std::ranges::lower_bound(bounds, value) - bounds.begin();
  ++histogram.buckets[static_cast<std::size_t>(bucket)];
  histogram.min = histogram.count == 0 ? value : std::min(histogram.min, value);
  histogram.max = histogram.count == 0 ? value : std::max(histogram.max, value);
  ++histogram.count;
  histogram.sum += value;
}

void ServiceMetrics::OnModelCall(const ModelCall& call, std::int64_t duration_ns,
                                 std::string_view error_type) {
  const std::string model(call.model->name);
  Record(durations_[{model, std::string(error_type)}], static_cast<double>(duration_ns) / 1e9,
         SecondBounds());
  if (error_type.empty()) {
    Record(tokens_[{model, "input"}], static_cast<double>(call.tokens.input), TokenBounds());
    Record(tokens_[{model, "output"}], static_cast<double>(call.tokens.output), TokenBounds());
  }
}

otlp::PointData ServiceMetrics::Point(std::int64_t now_ns, double value,
                                      std::vector<otlp::NamedValue> attributes) const {
  otlp::PointData point;
  point.start_ns = static_cast<std::uint64_t>(start_ns_);
  point.time_ns = static_cast<std::uint64_t>(now_ns);
  point.attributes = std::move(attributes);
  point.value = value;
  return point;
}

otlp::MetricData ServiceMetrics::HistogramMetric(std::string_view name, std::string_view unit,
                                                 std::string_view key_name,
                                                 const std::vector<double>& bounds,
                                                 const std::map<Key, Histogram>& histograms,
                                                 std::int64_t now_ns) const {
  otlp::MetricData metric;
  metric.name = name;
  metric.unit = unit;
  metric.kind = MetricKind::kHistogram;
  for (const auto& [key, histogram] : histograms) {
    otlp::PointData point;
    point.start_ns = static_cast<std::uint64_t>(start_ns_);
    point.time_ns = static_cast<std::uint64_t>(now_ns);
    point.attributes = {{"gen_ai.operation.name", "chat"}, {"gen_ai.request.model", key.first}};
    if (!key.second.empty()) {
      point.attributes.push_back({std::string(key_name), key.second});
    }
    point.count = histogram.count;
    point.sum = histogram.sum;
    point.min = histogram.min;
    point.max = histogram.max;
    point.bounds = bounds;
    point.bucket_counts = histogram.buckets;
    metric.points.push_back(std::move(point));
  }
  return metric;
}

std::vector<otlp::MetricData> ServiceMetrics::Collect(std::int64_t now_ns, std::size_t open_steps) {
  const double seconds = static_cast<double>(now_ns - collected_ns_) / 1e9;
  collected_ns_ = now_ns;
  const double load = 0.01 + 0.035 * static_cast<double>(open_steps);
  const double busy = std::min(random_.LogNormal(load, 0.3), 0.95 * kCores);
  user_seconds_ += 0.8 * busy * seconds;
  system_seconds_ += 0.2 * busy * seconds;
  // Memory follows the load slowly.
  const double wanted = base_memory_mb_ + 6.0 * static_cast<double>(open_steps);
  memory_mb_ += 0.3 * (wanted - memory_mb_) + 1.5 * random_.Normal();

  std::vector<otlp::MetricData> metrics;
  metrics.push_back({.name = "process.cpu.time",
                     .description = "CPU seconds by mode.",
                     .unit = "s",
                     .kind = MetricKind::kSum,
                     .is_monotonic = true,
                     .points = {Point(now_ns, user_seconds_, {{"cpu.mode", "user"}}),
                                Point(now_ns, system_seconds_, {{"cpu.mode", "system"}})}});
  metrics.push_back({.name = "process.cpu.utilization",
                     .description = "Share of all CPUs since the last report.",
                     .unit = "1",
                     .kind = MetricKind::kGauge,
                     .points = {Point(now_ns, busy / kCores, {})}});
  metrics.push_back({.name = "process.memory.usage",
                     .description = "Physical memory in use.",
                     .unit = "By",
                     .kind = MetricKind::kSum,
                     .points = {Point(now_ns, std::max(memory_mb_, 32.0) * 1024.0 * 1024.0, {})}});
  metrics.push_back(
      {.name = "process.thread.count",
       .description = {},
       .unit = "{thread}",
       .kind = MetricKind::kSum,
       .points = {
           Point(now_ns, static_cast<double>(8 + std::min<std::size_t>(open_steps, 24)), {})}});
  if (!durations_.empty()) {
    metrics.push_back(HistogramMetric("gen_ai.client.operation.duration", "s", "error.type",
                                      SecondBounds(), durations_, now_ns));
    metrics.push_back(HistogramMetric("gen_ai.client.token.usage", "{token}", "gen_ai.token.type",
                                      TokenBounds(), tokens_, now_ns));
  }
  return metrics;
}

}  // namespace sightline::demo
