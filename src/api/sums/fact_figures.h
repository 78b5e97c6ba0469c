// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "model/kinds.h"
#include "query/fact_query.h"
#include "store/store.h"

namespace sightline::api {

// Sums over groups of facts by their first key.
using SumsByName = std::map<std::string, query::FactSums>;
SumsByName ByFirstKey(const store::FactAnswer& groups);

query::FactSums Total(const SumsByName& parts);

// 0 when nothing was counted.
double Average(double sum, std::int64_t count);

double Seconds(std::int64_t duration_ns);

// Input and output.
std::int64_t TokensOf(const query::FactSums& sums);

// Whether the cost in them is all of it: of calls without a price nothing is in it.
model::CostStatus CostStatusOf(const query::FactSums& sums);
model::CostStatus CostStatusOf(std::int64_t calls, std::int64_t unpriced_calls,
                               std::int64_t picodollars);

// Runs, or steps, by their status.
//
// Thread: value.
struct StatusSums {
  SumsByName by_status;
  query::FactSums total;

  // `groups`: with FactKey::kStatus as the first key.
  explicit StatusSums(const store::FactAnswer& groups);

  query::FactSums completed() const;
  double success_percent() const;  // Completed ones of all, with two decimals.
  double average_seconds() const;  // Of completed ones.
};

}  // namespace sightline::api
