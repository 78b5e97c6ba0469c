// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "query/amount_filter.h"

namespace sightline::store::embedded {

// Expressions over the rows of a table that query::AmountFilter compares. Texts must outlive it.
//
// Thread: value.
struct AmountColumns {
  std::string_view duration_ns;
  std::string_view has_cost;  // Whether the cost is known.
  std::string_view cost;
  std::string_view tokens;
};

// query::AmountFilter::Matches, in SQL: conditions that must all hold.
std::vector<std::string> AmountConditions(const query::AmountFilter& amounts,
                                          const AmountColumns& columns);

}  // namespace sightline::store::embedded
