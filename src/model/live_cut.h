// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "model/fact_table.h"
#include "model/rollup.h"
#include "model/run_record.h"

namespace sightline::model {

// What settled runs add to the counts of one workflow; negative where a newer version of a run
// takes back what an older one added.
//
// Thread: value.
struct WorkflowDelta {
  std::string workflow_id;
  std::int64_t completed = 0;
  std::int64_t failed = 0;
  std::int64_t cancelled = 0;
  std::int64_t abandoned = 0;
  double completed_seconds = 0;       // Sum of the durations of completed runs.
  std::int64_t last_received_ns = 0;  // Last sign of life of any; the greater counts.
};

// A name and when something of it came last.
//
// Thread: value.
struct NameSeen {
  std::string name;
  std::int64_t last_received_ns = 0;
};

// What live state hands over to the store at a seal: everything that settled since the cut before,
// as of a batch that it has taken in. Sums of all cuts ever made are sums over the newest versions
// of all settled runs; runs that go on are in none.
//
// Thread: value.
struct LiveCut {
  // Given by the store; those of later cuts are higher.
  std::int64_t number = 0;
  // Batches up to it are taken in: only they may be sealed.
  std::uint64_t position = 0;
  // No run that goes on got its last sign of life in a batch before this one. After a start, runs
  // that go on are looked for from here.
  std::uint64_t open_position = 0;
  std::vector<RunRecord> settled;
  std::vector<RollupEntry> rollups;  // Deltas, one for each minute and key; none is zero.
  std::vector<WorkflowDelta> workflows;
  std::vector<NameSeen> agents;
  FactTable facts;  // Of the settled runs and their steps, and of what they replace.

  bool is_empty() const {
    return settled.empty() && rollups.empty() && workflows.empty() && agents.empty();
  }
};

}  // namespace sightline::model
