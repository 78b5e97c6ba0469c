// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <string_view>
#include <unordered_set>

#include "base/result.h"
#include "model/ids.h"
#include "net/http.h"
#include "query/fact_query.h"
#include "query/trace_query.h"
#include "store/meta_store.h"
#include "store/store.h"

namespace sightline::api {

using TraceIds = std::unordered_set<model::TraceId, model::TraceIdHasher>;

// The runs that have, themselves or on one of their steps, a score as each parameter of the form
// `score.<name>=<value>`, `min_score.<name>=<number>` or `max_score.<name>=<number>` asks for;
// empty when there is no such parameter. A value is true, false, a number or a category. Errors:
// kInvalidArgument when a parameter is bad, or more than 20,000 scores match.
base::Result<std::optional<TraceIds>> ReadScoreFilter(const net::QueryParameters& parameters,
                                                      const store::MetaStore* meta);

// The same as a filter of facts; null when there is no such parameter.
base::Result<std::shared_ptr<const query::RunIds>> ReadScoredRuns(
    const net::QueryParameters& parameters, const store::MetaStore* meta);

// The name of the score that a parameter of these forms filters by, else "".
std::string_view ScoreOfFilter(std::string_view parameter);

// The page of `query` among `wanted` alone. Reads runs until the page is full or all wanted ones
// have been seen. The total is exact when everything is on the page.
base::Result<store::RunPage> ListRunsAmong(const TraceIds& wanted, query::TraceQuery query,
                                           store::SpanStore& store,
                                           store::SpanStore::Deadline deadline);

}  // namespace sightline::api
