// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "api/run_pages.h"
#include "base/json_writer.h"
#include "query/trace_query.h"

namespace sightline::api {

// Runs that a filter gives.
struct Basket {
  // Of these the newest are compared. The tests need no more to tell a difference that matters.
  static constexpr std::size_t kMostRuns = 5000;

  std::string filter;  // As it was asked for.
  query::TraceQuery query;
  NewestRuns newest;
};

// The fields of a comparison of two baskets, inside an object that is open: duration, tokens, cost
// and failure rate with verdicts, and what the runs of each have more often than those of the
// other, among the newest 2,000 of each.
void WriteBasketComparison(const Basket& a, const Basket& b, base::JsonWriter& json);

}  // namespace sightline::api
