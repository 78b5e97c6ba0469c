// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "live/contribution.h"
#include "live/run_state.h"
#include "model/fact_table.h"
#include "model/ids.h"
#include "model/live_cut.h"
#include "model/rollup.h"
#include "model/run_record.h"

namespace sightline::live {

// What has settled and is not handed over to the store yet.
//
// Thread: confined. Cost: Settle some microseconds; memory follows the runs that settle between two
// cuts.
class CutBuilder {
 public:
  // A run has settled: it adds `now` in place of what the store has counted of it.
  void Settle(const RecordPtr& record, const Contribution& now, const Contribution* stored);

  // The facts of the runs that have settled, and with sign -1 of those that they replace.
  model::FactTable& facts() { return facts_; }

  const model::FactTable& facts() const { return facts_; }

  // A newer version of the run is in memory: ForEach passes over the one that is here.
  void Supersede(const model::TraceId& trace_id);

  bool is_empty() const { return settled_.empty(); }

  // Newest versions of what settled, without those that are superseded. False from `visit` ends it.
  template <typename Visit>
  void ForEach(const Visit& visit) const {
    for (const Settled& run : settled_) {
      if (!run.is_superseded) {
        visit(run.record);
      }
    }
  }

  bool Holds(const model::TraceId& trace_id) const { return places_.contains(trace_id); }

  // Null when it is not here or superseded.
  RecordPtr Find(const model::TraceId& trace_id) const;
  RecordPtr FindByRunId(std::string_view run_id) const;

  // An estimate.
  std::size_t bytes() const { return bytes_ + facts_.bytes(); }

  // Writes it all out, without the positions. To be called on a builder that was moved out of the
  // reach of others, for it takes a while.
  model::LiveCut Finish() &&;

 private:
  struct Settled {
    RecordPtr record;
    bool is_newer_version = false;  // Of a run that an earlier cut holds.
    bool is_superseded = false;
  };

  struct MinuteKey {
    std::int64_t minute = 0;
    model::RollupKey key;

    friend bool operator==(const MinuteKey&, const MinuteKey&) = default;
  };

  struct MinuteKeyHasher {
    std::size_t operator()(const MinuteKey& key) const {
      return model::RollupKeyHasher()(key.key) ^
             static_cast<std::size_t>(static_cast<std::uint64_t>(key.minute) *
                                      0x9E3779B97F4A7C15ULL);
    }
  };

  struct Workflow {
    RunCounts counts;
    std::int64_t last_received_ns = 0;
  };

  void AddEntries(const std::vector<model::RollupEntry>& entries, std::int64_t sign);

  std::vector<Settled> settled_;  // The newest version of each.
  std::unordered_map<model::TraceId, std::size_t, model::TraceIdHasher> places_;
  std::unordered_map<std::string, model::TraceId> by_run_id_;
  std::unordered_map<MinuteKey, model::RollupSums, MinuteKeyHasher> rollups_;
  std::unordered_map<std::string, Workflow> workflows_;
  std::unordered_map<std::string, std::int64_t> agents_;
  model::FactTable facts_;
  std::size_t bytes_ = 0;
};

}  // namespace sightline::live
