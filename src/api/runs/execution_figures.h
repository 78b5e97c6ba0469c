// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "api/request/period.h"
#include "api/sums/fact_figures.h"
#include "base/json_writer.h"
#include "store/store.h"

// What /monitoring tells of many runs and of their steps, as fields of a JSON object that is open.

namespace sightline::api {

// `name`: an object with the count of each part that has a name.
void WriteCounts(std::string_view name, const SumsByName& parts, base::JsonWriter& json);

// `executions_by_day`, the days on which a run started.
void WriteRunsByDay(const Period& period, const store::FactAnswer& by_day, base::JsonWriter& json);

// `total_steps`, `success_rate`, `average_duration`, `steps_by_status` and `steps_by_agent`.
void WriteStepMetrics(const store::FactAnswer& by_status, const store::FactAnswer& by_agent,
                      base::JsonWriter& json);

// `total_executions`, `success_rate` and `execution_trends`; `by_day`: runs by day and status.
void WriteTrends(const Period& period, const store::FactAnswer& by_day, base::JsonWriter& json);

// `step_performance`, the longest in all first, and `bottlenecks`; `by_name`: with latency.
void WriteStepPerformance(store::FactAnswer by_name, base::JsonWriter& json);

}  // namespace sightline::api
