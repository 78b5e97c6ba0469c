// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "api/request/period.h"
#include "api/sums/fact_series.h"
#include "base/json_writer.h"

namespace sightline::api {

// What a measure that adds up comes to, from its days. Bands are of sums, so they are narrower than
// the sum of the bands of the days.

// `month_end`: what the month that goes on comes to, with an 80 % band; null when nothing is known.
void WriteMonthEnd(const FactSeries& days, Measure measure, const Period& period,
                   base::JsonWriter& json);

// `exhaustion`: the day on which `amount` is reached, counted from the beginning of today; null
// without an amount or when nothing is known. A day that is farther away than can be looked is
// null.
void WriteExhaustion(const FactSeries& days, Measure measure, const Period& period,
                     std::optional<double> amount, base::JsonWriter& json);

}  // namespace sightline::api
