// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string_view>

#include "analytics/forecast/forecast.h"
#include "api/request/period.h"
#include "api/sums/fact_series.h"
#include "base/json_writer.h"

namespace sightline::api {

// Levels of the bands that answers hold, in this order.
inline constexpr double kBandLevels[] = {0.5, 0.8, 0.95};

// "nothing", "little_data", "own_past".
std::string_view BasisName(analytics::ForecastBasis basis);

// What to ask about the values of a series. `values` must outlive the request.
analytics::ForecastRequest RequestOf(std::span<const double> values, const FactSeries& series,
                                     std::size_t horizon);

// `backtest`: the error and the coverage that forecasts really had on the past; null when there is
// too little of it.
void WriteBacktest(const std::optional<analytics::Backtest>& backtest, base::JsonWriter& json);

// `forecast_basis`, `forecast` with a week of days and `backtest`, of runs, their cost and tokens.
// `low` and `high` are the 80 % band of the runs. The series is of days.
void WriteWeekAhead(const FactSeries& days, const Period& period, base::JsonWriter& json);

}  // namespace sightline::api
