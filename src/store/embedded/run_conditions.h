// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "query/trace_query.h"
#include "store/embedded/conditions.h"

namespace sightline::store::embedded {

// What a list of runs asks for, in SQL over the columns of RunRow (run_row.h).

// What query::RunSort::KeyOf computes, of a row.
std::string RunSortKey(const query::RunSort& sort);

// The same as query::Matches, for rows on disk: there no run is running.
Conditions RunConditions(const query::TraceQuery& query);

// Only rows after the cursor, in the order of the list.
void AddRunCursor(const query::RunSort& sort, const query::TraceCursor& cursor,
                  Conditions& conditions);

}  // namespace sightline::store::embedded
