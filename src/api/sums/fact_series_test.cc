// SPDX-License-Identifier: Apache-2.0
#include "api/sums/fact_series.h"

#include <cmath>
#include <cstdint>
#include <vector>

#include <gtest/gtest.h>

#include "api/sums/fact_figures.h"

namespace sightline::api {
namespace {

constexpr std::int64_t kHour = 3'600'000'000'000;

query::FactGroup GroupAt(std::int64_t hour, query::FactSums sums) {
  return {.time_ns = hour * kHour, .sums = sums};
}

query::FactQuery ByHour() {
  query::FactQuery query;
  query.bucket_ns = kHour;
  return query;
}

TEST(FactSeriesTest, RunsFromTheFirstStepWithARunToTheLastWholeOne) {
  const std::vector<query::FactGroup> groups = {
      GroupAt(12, {.count = 3}), GroupAt(10, {.count = 1}), GroupAt(14, {.count = 7}),
      GroupAt(10, {.count = 1}), GroupAt(9, {.count = 0}),  GroupAt(15, {.count = 9})};
  const FactSeries series = SeriesOf(ByHour(), groups, 14 * kHour + 5);
  EXPECT_EQ(series.start_ns, 10 * kHour);
  EXPECT_EQ(series.end_ns, 14 * kHour);
  EXPECT_EQ(series.Values(Measure::kRuns), (std::vector<double>{2, 0, 3, 0}));
  EXPECT_EQ(series.unfinished.count, 7);
  EXPECT_EQ(series.Total().count, 5);
  EXPECT_EQ(series.TimeOf(4), series.end_ns);
}

TEST(FactSeriesTest, IsEmptyWithoutRuns) {
  const FactSeries series = SeriesOf(ByHour(), {}, 14 * kHour + 5);
  EXPECT_TRUE(series.sums.empty());
  EXPECT_EQ(series.start_ns, series.end_ns);
}

TEST(FactSeriesTest, MeansOfNoRunsAndCostsWithoutAPriceAreNotKnown) {
  const query::FactSums none;
  EXPECT_EQ(ValueOf(none, Measure::kRuns), 0);
  EXPECT_EQ(ValueOf(none, Measure::kCost), 0);
  EXPECT_TRUE(std::isnan(ValueOf(none, Measure::kDuration)));
  EXPECT_TRUE(std::isnan(ValueOf(none, Measure::kFailureRate)));
  const query::FactSums unpriced{.count = 1, .model_calls = 2, .unpriced_calls = 2};
  EXPECT_TRUE(std::isnan(ValueOf(unpriced, Measure::kCost)));
  const query::FactSums partial{.count = 4,
                                .failed = 1,
                                .model_calls = 2,
                                .unpriced_calls = 1,
                                .input_tokens = 20,
                                .output_tokens = 3,
                                .cost_picodollars = 1'500'000'000'000,
                                .duration_seconds = 6};
  EXPECT_EQ(ValueOf(partial, Measure::kCost), 1.5);
  EXPECT_EQ(ValueOf(partial, Measure::kTokens), 23);
  EXPECT_EQ(ValueOf(partial, Measure::kDuration), 1.5);
  EXPECT_EQ(ValueOf(partial, Measure::kFailureRate), 25);
  EXPECT_EQ(CostStatusOf(partial), model::CostStatus::kPartial);
}

TEST(MeasureTest, NamesAreReadBack) {
  for (const Measure measure : {Measure::kRuns, Measure::kCost, Measure::kTokens,
                                Measure::kDuration, Measure::kFailureRate}) {
    EXPECT_EQ(ParseMeasure(MeasureName(measure)), measure);
  }
  EXPECT_FALSE(ParseMeasure("money"));
}

}  // namespace
}  // namespace sightline::api
