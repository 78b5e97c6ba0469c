// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <unordered_map>
#include <utility>
#include <vector>

#include "live/run_snapshot.h"
#include "model/ids.h"

namespace sightline::live {

// Summaries of the runs that started last, at most kMaxRuns.
//
// Thread: confined.
class RecentRuns {
 public:
  static constexpr std::size_t kMaxRuns = 1000;

  void Put(const RunSummary& summary) {
    const auto known = keys_.find(summary.trace_id);
    if (known != keys_.end()) {
      runs_.erase(known->second);
      keys_.erase(known);
    }
    const Key key{summary.start_ns, summary.trace_id};
    runs_.insert_or_assign(key, summary);
    keys_.emplace(summary.trace_id, key);
    if (runs_.size() > kMaxRuns) {
      keys_.erase(runs_.begin()->first.second);
      runs_.erase(runs_.begin());
    }
  }

  // Newest first.
  std::vector<RunSummary> Newest(std::size_t limit) const {
    std::vector<RunSummary> newest;
    for (auto run = runs_.rbegin(); run != runs_.rend() && newest.size() < limit; ++run) {
      newest.push_back(run->second);
    }
    return newest;
  }

 private:
  using Key = std::pair<std::int64_t, model::TraceId>;

  std::map<Key, RunSummary> runs_;
  std::unordered_map<model::TraceId, Key, model::TraceIdHasher> keys_;
};

}  // namespace sightline::live
