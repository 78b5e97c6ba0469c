// SPDX-License-Identifier: Apache-2.0
#include "api/sums/fact_series.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <limits>
#include <utility>

#include "api/sums/fact_figures.h"
#include "model/money.h"

namespace sightline::api {
namespace {

using query::FactSums;

struct MeasureNames {
  Measure measure;
  std::string_view name;
  std::string_view unit;
};

constexpr auto kMeasures = std::to_array<MeasureNames>({
    {Measure::kRuns, "runs", "runs"},
    {Measure::kCost, "cost", "dollars"},
    {Measure::kTokens, "tokens", "tokens"},
    {Measure::kDuration, "duration", "seconds"},
    {Measure::kFailureRate, "failure_rate", "percent"},
});

constexpr double kUnknown = std::numeric_limits<double>::quiet_NaN();

double MeanOf(double sum, std::int64_t count) {
  return count <= 0 ? kUnknown : sum / static_cast<double>(count);
}

}  // namespace

std::string_view MeasureName(Measure measure) {
  return kMeasures[static_cast<std::size_t>(measure)].name;
}

std::optional<Measure> ParseMeasure(std::string_view text) {
  for (const MeasureNames& names : kMeasures) {
    if (names.name == text) {
      return names.measure;
    }
  }
  return std::nullopt;
}

std::string_view UnitOf(Measure measure) {
  return kMeasures[static_cast<std::size_t>(measure)].unit;
}

bool AddsUp(Measure measure) {
  return measure == Measure::kRuns || measure == Measure::kCost || measure == Measure::kTokens;
}

double ValueOf(const FactSums& sums, Measure measure) {
  switch (measure) {
    case Measure::kRuns:
      return static_cast<double>(sums.count);
    case Measure::kCost:
      return CostStatusOf(sums) == model::CostStatus::kUnpriced
                 ? kUnknown
                 : model::Money{.picodollars = sums.cost_picodollars}.dollars();
    case Measure::kTokens:
      return static_cast<double>(TokensOf(sums));
    case Measure::kDuration:
      return MeanOf(sums.duration_seconds, sums.count);
    case Measure::kFailureRate:
      return MeanOf(100 * static_cast<double>(sums.failed), sums.count);
  }
  return kUnknown;
}

std::vector<double> FactSeries::Values(Measure measure) const {
  std::vector<double> values;
  values.reserve(sums.size());
  for (const FactSums& step : sums) {
    values.push_back(ValueOf(step, measure));
  }
  return values;
}

FactSums FactSeries::Total() const {
  FactSums total;
  for (const FactSums& step : sums) {
    total.Add(step);
  }
  return total;
}

FactSeries SeriesOf(const query::FactQuery& query, const std::vector<query::FactGroup>& groups,
                    std::int64_t now_ns) {
  FactSeries series{.end_ns = query::TimeOf(query, now_ns), .step_ns = query.bucket_ns};
  series.start_ns = series.end_ns;
  for (const query::FactGroup& group : groups) {
    if (group.sums.count > 0) {
      series.start_ns = std::min(series.start_ns, group.time_ns);
    }
  }
  series.sums.resize(static_cast<std::size_t>((series.end_ns - series.start_ns) / series.step_ns));
  for (const query::FactGroup& group : groups) {
    if (group.time_ns == series.end_ns) {
      series.unfinished.Add(group.sums);
    } else if (group.time_ns >= series.start_ns && group.time_ns < series.end_ns) {
      const auto step =
          static_cast<std::size_t>((group.time_ns - series.start_ns) / series.step_ns);
      series.sums[step].Add(group.sums);
    }
  }
  return series;
}

}  // namespace sightline::api
