// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <vector>

#include "base/result.h"
#include "model/run_record.h"
#include "query/trace_query.h"
#include "store/store.h"

namespace sightline::api {

// The newest runs that match a query, whose limit and cursor do not count.
struct NewestRuns {
  std::vector<model::RunRecord> runs;  // Newest first.
  bool has_more = false;               // Older ones match, too.
};

// Reads at most `most` runs, page by page, until `deadline`.
base::Result<NewestRuns> ReadNewestRuns(store::SpanStore& store, query::TraceQuery query,
                                        std::size_t most, store::SpanStore::Deadline deadline);

}  // namespace sightline::api
