// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>

#include "model/metric_point.h"

namespace sightline::query {

// Which series of metrics, and which of their points. Absent filters match everything; all given
// ones must match.
//
// Thread: value.
struct MetricQuery {
  std::optional<std::string> name;
  std::optional<std::string> service;
  std::optional<std::string> service_instance;
  std::optional<std::uint64_t> series;                                    // model::SeriesKey.
  std::int64_t start_time_ns = std::numeric_limits<std::int64_t>::min();  // At or after.
  std::int64_t end_time_ns = std::numeric_limits<std::int64_t>::max();    // Before.
  std::size_t max_series = 100;      // With points, more is an error and not cut.
  std::size_t max_points = 100'000;  // Of all series; more is an error.
};

// Whether the series of a point is one of those that are asked for.
bool MatchesSeries(const MetricQuery& query, const model::MetricPoint& point,
                   std::uint64_t series_key);

inline bool MatchesTime(const MetricQuery& query, std::int64_t time_ns) {
  return time_ns >= query.start_time_ns && time_ns < query.end_time_ns;
}

}  // namespace sightline::query
