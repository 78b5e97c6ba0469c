// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "query/fact_query.h"
#include "store/store.h"

namespace sightline::api {

// What is asked of runs over time.
enum class Measure : std::uint8_t {
  kRuns,         // How many started.
  kCost,         // Dollars, of the calls whose price is known.
  kTokens,       // Input and output.
  kDuration,     // Mean seconds of a run.
  kFailureRate,  // Percent of runs.
};

// "runs", "cost", "tokens", "duration", "failure_rate".
std::string_view MeasureName(Measure measure);

// Empty for other texts.
std::optional<Measure> ParseMeasure(std::string_view text);

// "runs", "dollars", "tokens", "seconds", "percent".
std::string_view UnitOf(Measure measure);

// True for measures whose values of single steps add up to the one of all.
bool AddsUp(Measure measure);

// Of sums; NaN when it is not known: a mean of no runs, a cost none of whose calls has a price.
double ValueOf(const query::FactSums& sums, Measure measure);

// Sums by evenly spaced steps of time, from the first step with a run to the last whole one.
//
// Thread: value.
struct FactSeries {
  std::int64_t start_ns = 0;  // Of the first step.
  std::int64_t end_ns = 0;    // Of the last whole step: what comes next begins here.
  std::int64_t step_ns = 0;
  std::vector<query::FactSums> sums;  // One for each step; without runs it is all zeros.
  query::FactSums unfinished;         // Of the step that goes on at `end_ns`, so far.

  std::vector<double> Values(Measure measure) const;
  query::FactSums Total() const;  // Of the whole steps.

  std::int64_t TimeOf(std::size_t step) const {
    return start_ns + static_cast<std::int64_t>(step) * step_ns;
  }
};

// Adds up groups that one query over time found. Its steps are whole when they end by `now_ns`.
// Precondition: the query has a bucket.
FactSeries SeriesOf(const query::FactQuery& query, const std::vector<query::FactGroup>& groups,
                    std::int64_t now_ns);

}  // namespace sightline::api
