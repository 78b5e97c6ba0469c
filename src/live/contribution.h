// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "live/totals.h"
#include "model/rollup.h"
#include "model/run_record.h"

namespace sightline::live {

// What one run adds to the sums outside it.
//
// Thread: value.
struct Contribution {
  bool is_empty = true;
  std::string workflow_id;
  RunCounts counts;  // The run itself: one in its status.
  std::vector<model::RollupEntry> entries;
};

// The counts of one run.
RunCounts CountsOf(const model::RunRecord& record);

}  // namespace sightline::live
