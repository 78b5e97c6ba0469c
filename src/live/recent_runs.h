// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <unordered_map>
#include <utility>
#include <vector>

#include "live/run_snapshot.h"
#include "model/ids.h"
#include "model/run_record.h"

namespace sightline::live {

// The runs that started last, at most kMaxRuns.
//
// Thread: confined.
class RecentRuns {
 public:
  static constexpr std::size_t kMaxRuns = 1000;

  void Put(const std::shared_ptr<const model::RunRecord>& record) {
    const auto known = keys_.find(record->trace_id);
    if (known != keys_.end()) {
      if (known->second.first == record->start_ns) {
        runs_[known->second] = record;
        return;
      }
      runs_.erase(known->second);
      keys_.erase(known);
    }
    const Key key{record->start_ns, record->trace_id};
    if (runs_.size() >= kMaxRuns) {
      if (key < runs_.begin()->first) {
        return;
      }
      keys_.erase(runs_.begin()->first.second);
      runs_.erase(runs_.begin());
    }
    runs_.emplace(key, record);
    keys_.emplace(record->trace_id, key);
  }

  // Newest first.
  std::vector<RunSummary> Newest(std::size_t limit) const {
    std::vector<RunSummary> newest;
    for (auto run = runs_.rbegin(); run != runs_.rend() && newest.size() < limit; ++run) {
      newest.push_back(SummaryOf(*run->second));
    }
    return newest;
  }

 private:
  using Key = std::pair<std::int64_t, model::TraceId>;

  std::map<Key, std::shared_ptr<const model::RunRecord>> runs_;
  std::unordered_map<model::TraceId, Key, model::TraceIdHasher> keys_;
};

}  // namespace sightline::live
