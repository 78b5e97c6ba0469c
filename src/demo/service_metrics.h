// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "demo/plan.h"
#include "demo/random.h"
#include "otlp/encode.h"

namespace sightline::demo {

// The metrics of one service instance: its process, and the model calls it made.
//
// Thread: confined.
class ServiceMetrics {
 public:
  ServiceMetrics(std::int64_t start_ns, double base_memory_mb, Random random);

  // Counts a model call that has ended.
  void OnModelCall(const ModelCall& call, std::int64_t duration_ns, std::string_view error_type);

  // All metrics as of `now_ns`, while `open_steps` steps were running.
  std::vector<otlp::MetricData> Collect(std::int64_t now_ns, std::size_t open_steps);

 private:
  struct Histogram {
    std::uint64_t count = 0;
    double sum = 0;
    double min = 0;
    double max = 0;
    std::vector<std::uint64_t> buckets;
  };

  // Model name with token type or error type.
  using Key = std::pair<std::string, std::string>;

  static void Record(Histogram& histogram, double value, const std::vector<double>& bounds);

  otlp::MetricData HistogramMetric(std::string_view name, std::string_view unit,
                                   std::string_view key_name, const std::vector<double>& bounds,
                                   const std::map<Key, Histogram>& histograms,
                                   std::int64_t now_ns) const;
  otlp::PointData Point(std::int64_t now_ns, double value,
                        std::vector<otlp::NamedValue> attributes) const;

  const std::int64_t start_ns_;
  Random random_;
  std::int64_t collected_ns_;
  double user_seconds_ = 0;
  double system_seconds_ = 0;
  double memory_mb_;
  const double base_memory_mb_;
  std::map<Key, Histogram> tokens_;
  std::map<Key, Histogram> durations_;
};

}  // namespace sightline::demo
