// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "api/kept/run_scores.h"
#include "base/result.h"
#include "model/run_record.h"
#include "query/fact_query.h"
#include "store/meta_store.h"
#include "store/store.h"

namespace sightline::api {

// Sums over runs by how they were judged. Runs that were not are in no group.
//
// Thread: value.
struct ScoreGroups {
  // Each key is the judgement, then those of FactQuery::by. A text is itself; numbers are told by
  // ranges such as "0.6 to 0.8", at most about ten of them, or by themselves where ten or fewer
  // occur.
  store::FactAnswer groups;
  // By the same keys: the mean of the numbers; absent where there are none.
  std::map<std::vector<std::string>, double> means;
};

// `runs` that do not match the query are left out. What a run does not say of itself is not in the
// sums: how many of its calls have no price.
ScoreGroups GroupByScore(const query::FactQuery& query, std::span<const model::RunRecord> runs,
                         const RunScores& scores, const std::string& name);

// The same of the runs of the store. Errors: kInvalidArgument when there are more than 20,000
// scores of that name.
base::Result<ScoreGroups> SumByScore(const query::FactQuery& query, const std::string& name,
                                     store::SpanStore& store, const store::MetaStore* meta,
                                     store::SpanStore::Deadline deadline);

}  // namespace sightline::api
