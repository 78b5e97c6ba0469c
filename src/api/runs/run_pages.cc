// SPDX-License-Identifier: Apache-2.0
#include "api/runs/run_pages.h"

#include <algorithm>
#include <iterator>

namespace sightline::api {

base::Result<NewestRuns> ReadNewestRuns(store::SpanStore& store, query::TraceQuery query,
                                        std::size_t most, store::SpanStore::Deadline deadline) {
  constexpr std::size_t kPage = 1000;
  NewestRuns newest{.runs = {}, .has_more = true};
  query.cursor.reset();
  while (newest.has_more && newest.runs.size() < most) {
    query.limit = std::min(kPage, most - newest.runs.size());
    store::RunPage page = TRY(store.ListRuns(query, deadline));
    newest.has_more = page.has_more && !page.runs.empty();
    std::move(page.runs.begin(), page.runs.end(), std::back_inserter(newest.runs));
    if (newest.has_more) {
      query.cursor = query::CursorAfter(query.sort, newest.runs.back());
    }
  }
  return newest;
}

}  // namespace sightline::api
