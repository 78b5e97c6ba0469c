// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "query/trace_query.h"
#include "store/embedded/duck.h"

namespace sightline::store::embedded {

// An SQL text with its parameters in order.
struct Statement {
  std::string sql;
  std::vector<Param> params;
};

// What a statement reads: attached day files and a pinned head snapshot.
struct Sources {
  std::vector<std::string> databases;
  std::int64_t head_token = 0;
};

// All trace parts as a table expression with the given columns.
std::string PartsOf(const Sources& sources, const std::string& columns);

// Rows (trace_id UHUGEINT, start_ns, total, received_ns BIGINT), newest first, limit + 1 of them.
// Only the aggregates that a filter needs are computed.
Statement ListStatement(const query::TraceQuery& query, const Sources& sources);

// One row a workflow, in the order of store::WorkflowTotals, durations in nanoseconds.
Statement TotalsStatement(std::int64_t now_ns, std::int64_t idle_limit_ns, const Sources& sources);

// Rows (agent, last arrival).
Statement AgentsStatement(const Sources& sources);

}  // namespace sightline::store::embedded
