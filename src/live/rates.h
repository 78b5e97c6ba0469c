// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <span>
#include <string>

#include "base/clock.h"
#include "base/mutex.h"
#include "model/batch.h"
#include "model/rollup.h"

namespace sightline::live {

// How fast data flows in, over the last minute and hour, and counters since the start.
//
// Thread: any.
class Rates {
 public:
  explicit Rates(const base::Clock& clock) : clock_(clock) {}

  // Counts a batch that became durable now.
  void Add(const model::Batch& batch) EXCLUDES(mutex_);

  // Something became visible so long after it arrived.
  void AddLag(double lag_ms) EXCLUDES(mutex_);

  // What a run adds to rollups was `before` and is `after` from now on.
  void Replace(std::span<const model::RollupEntry> before,
               std::span<const model::RollupEntry> after) EXCLUDES(mutex_);

  struct Snapshot {
    double spans_per_second = 0;         // Over the last 10 s.
    std::int64_t tokens_per_minute = 0;  // Over the last 60 s, by arrival.
    std::int64_t cost_per_hour_picodollars = 0;
    std::int64_t unpriced_calls_per_hour = 0;  // With a part that the cost lacks.
    double ingest_lag_ms = 0;                  // Largest of the last 10 s: arrival to visible.
  };

  Snapshot snapshot() const EXCLUDES(mutex_);

  struct ModelCounters {
    std::int64_t calls = 0;
    std::int64_t failed = 0;
    std::int64_t input_tokens = 0;
    std::int64_t output_tokens = 0;
    std::int64_t cost_picodollars = 0;
    std::int64_t unpriced_calls = 0;
  };

  struct WorkflowCounters {
    std::int64_t completed = 0;
    std::int64_t failed = 0;
  };

  // Of the runs that something came of since the start; see Replace. By "provider/model" and by
  // workflow (or root agent, or root span). At most kMaxNames names each; the rest under "(other)".
  // They never go back: where runs take back more than came, they stand still until it is made up
  // for.
  static constexpr std::size_t kMaxNames = 500;
  std::map<std::string, ModelCounters> models() const EXCLUDES(mutex_);
  std::map<std::string, WorkflowCounters> workflows() const EXCLUDES(mutex_);

 private:
  struct Slot {
    std::int64_t time = -1;  // Which second or minute this slot counts.
    std::uint64_t spans = 0;
    std::int64_t tokens = 0;
    std::int64_t cost_picodollars = 0;
    std::int64_t unpriced_calls = 0;
    double lag_ms = 0;
  };

  template <std::size_t Size>
  static Slot& SlotAt(std::array<Slot, Size>& slots, std::int64_t time);

  const base::Clock& clock_;
  mutable base::Mutex mutex_;
  std::array<Slot, 64> seconds_ GUARDED_BY(mutex_);
  std::array<Slot, 64> minutes_ GUARDED_BY(mutex_);

  // What runs add up to, and the most of it that anybody was told.
  template <typename Counters>
  struct Named {
    Counters now;
    Counters told;
  };

  mutable std::map<std::string, Named<ModelCounters>> models_ GUARDED_BY(mutex_);
  mutable std::map<std::string, Named<WorkflowCounters>> workflows_ GUARDED_BY(mutex_);
};

}  // namespace sightline::live
