// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "analytics/what_differs/run_columns.h"
#include "api/kept/score_filter.h"
#include "api/runs/run_pages.h"
#include "base/result.h"
#include "model/run_record.h"
#include "query/trace_query.h"
#include "store/meta_store.h"
#include "store/store.h"

namespace sightline::api {

// Runs that filters give: those of the list of runs, scores included, as a query string.
//
// Thread: value.
struct Basket {
  std::string filter;  // As it was asked for.
  query::TraceQuery query;
  std::set<std::string> scores;    // Names of those that are asked for.
  std::optional<TraceIds> judged;  // The runs with such scores.
  NewestRuns newest;

  // Whether a run is one of them, apart from a text that is searched for.
  bool Matches(const model::RunRecord& run) const;

  // Whether an attribute of what differs follows from the filters: it would be found at once, and
  // say nothing.
  bool Fixes(std::string_view attribute) const;
};

// Whether a parameter is a filter of baskets.
bool IsBasketFilter(std::string_view name);

// A basket without its runs. `parameter` is what the filter was given as; `meta` may be null.
// Errors: kInvalidArgument names it.
base::Result<Basket> ParseBasket(std::string_view parameter, std::string_view filter,
                                 const store::MetaStore* meta);

// The same with its newest runs, at most `most_runs`.
base::Result<Basket> ReadBasket(std::string_view parameter, std::string_view filter,
                                std::size_t most_runs, store::SpanStore& store,
                                const store::MetaStore* meta, store::SpanStore::Deadline deadline);

// What runs can be told apart by, scores included, without what one of the baskets fixes.
base::Result<std::vector<analytics::RunColumn>> ColumnsOf(const std::vector<model::RunRecord>& runs,
                                                          const std::vector<const Basket*>& fixed,
                                                          const store::MetaStore* meta);

}  // namespace sightline::api
