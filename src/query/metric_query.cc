// SPDX-License-Identifier: Apache-2.0
#include "query/metric_query.h"

namespace sightline::query {

bool MatchesSeries(const MetricQuery& query, const model::MetricPoint& point,
                   std::uint64_t series_key) {
  const auto equals = [](const std::optional<std::string>& wanted, std::string_view value) {
    return !wanted || *wanted == value;
  };
  return equals(query.name, point.name) && equals(query.service, point.service) &&
         equals(query.service_instance, point.service_instance) &&
         (!query.series || *query.series == series_key);
}

}  // namespace sightline::query
