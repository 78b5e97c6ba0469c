// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "base/result.h"
#include "query/fact_query.h"
#include "store/store.h"

namespace sightline::api {

// Keys such as sessions have millions of names, and the sums of all of them take seconds and
// gigabytes. Here the largest are found by what they are on single days, and then summed exactly:
// one that is never among the 1000, or 2 * `most`, largest of what a day has at first, or of what
// is added to it later, is not found, even if it were among the largest of all.

// Thread: value.
struct LargestNames {
  std::vector<std::string> names;  // The largest first, by what was seen of them; none is "".
  bool is_all = false;             // There are no others with a name.
  bool are_few = false;            // There may be others, but few enough to sum up all of them.
};

// The largest names of the one key that `asked` is by, `most` at most. Errors: those of the store.
base::Result<LargestNames> FindLargest(store::SpanStore& store, const query::FactQuery& asked,
                                       std::size_t most, query::FactOrder order,
                                       store::SpanStore::Deadline deadline);

// Limits `asked` to its largest names and to what has none (`among`), so that it is summed up in no
// more groups than that; not when it has few names. Errors: those of the store.
base::Result<void> LimitToLargest(store::SpanStore& store, query::FactQuery& asked,
                                  std::size_t most, query::FactOrder order,
                                  store::SpanStore::Deadline deadline);

// Thread: value.
struct LargestGroups {
  std::vector<query::FactGroup> groups;  // With exact sums, the largest first.
  query::FactSums others;                // Of all others that have a name.
};

// The sums of these. Errors: those of the store.
base::Result<LargestGroups> SumLargest(store::SpanStore& store, const query::FactQuery& asked,
                                       std::size_t most, query::FactOrder order,
                                       store::SpanStore::Deadline deadline);

}  // namespace sightline::api
