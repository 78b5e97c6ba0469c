// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "model/span.h"

namespace sightline::model {

// Stored on disk: append only.
enum class MetricType : std::uint8_t {
  kGauge = 0,
  kSum = 1,
  kHistogram = 2,
  kExponentialHistogram = 3,
  kSummary = 4,
};

std::string_view MetricTypeName(MetricType type);

// One data point of an OTLP metric. Texts are views into the Batch.
//
// Thread: value.
struct MetricPoint {
  std::string_view project_id = kDefaultProject;
  std::int64_t time_ns = 0;
  std::int64_t start_ns = 0;
  std::string_view name;
  std::string_view unit;
  MetricType type = MetricType::kGauge;
  std::uint8_t temporality = 0;  // 0 unspecified, 1 delta, 2 cumulative.
  bool is_monotonic = false;
  double value = 0;  // Gauge and sum: the value. Otherwise the sum of the observations.
  std::int64_t count = 0;
  std::string_view buckets;  // Histograms and summaries: JSON text of bounds and counts.
  std::string_view service;
  std::string_view service_instance;
  std::string_view scope;
  std::string_view attributes;  // JSON object text.
  std::string_view resource_attributes;
};

// Appends the bytes that tell the series of a point from every other series: all but time, value
// and buckets.
void AppendSeriesIdentity(std::string& out, const MetricPoint& point);

}  // namespace sightline::model
