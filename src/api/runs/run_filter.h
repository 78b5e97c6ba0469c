// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "api/request/parameters.h"
#include "base/result.h"
#include "query/amount_filter.h"
#include "query/trace_query.h"

namespace sightline::api {

// Which runs are meant, by the filters of the list of runs: workflow_id, status, start_time and so
// on. Neither limit nor page. kInvalidArgument names the parameter that is bad.
base::Result<query::TraceQuery> ReadRunFilter(const Parameters& parameters);

// Of these, those of how long something took and what it spent, which steps have as well.
base::Result<query::AmountFilter> ReadAmounts(const Parameters& parameters);

// Whether a list is to count all that match, whatever it costs: `count=exact`.
base::Result<bool> AsksForExactCount(const Parameters& parameters);

// Whether a parameter is one of these filters.
bool IsRunFilter(std::string_view name);

}  // namespace sightline::api
