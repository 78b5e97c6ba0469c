// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <vector>

#include "analytics/what_differs/run_columns.h"
#include "api/analyses/basket.h"
#include "base/json_writer.h"
#include "model/run_record.h"

namespace sightline::api {

// Of each basket the newest are compared. The tests need no more to tell a difference that matters.
inline constexpr std::size_t kMostComparedRuns = 5000;

// The fields of a comparison of two baskets, inside an object that is open: duration, tokens, cost
// and failure rate with verdicts, and what the runs of each have more often than those of the
// other, among the newest 2,000 of each. `columns` are those of BasketRuns.
void WriteBasketComparison(const Basket& a, const Basket& b,
                           const std::vector<analytics::RunColumn>& columns,
                           base::JsonWriter& json);

// The runs in which what differs is searched: those of `a`, then those of `b`.
std::vector<model::RunRecord> BasketRuns(const Basket& a, const Basket& b);

}  // namespace sightline::api
