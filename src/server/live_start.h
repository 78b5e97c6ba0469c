// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>

#include "base/clock.h"
#include "base/result.h"
#include "live/history.h"
#include "live/live.h"
#include "store/store.h"

namespace sightline::server {

// Answers live state from the store.
//
// Thread: any. The store must outlive it.
class StoreHistory final : public live::History {
 public:
  explicit StoreHistory(store::SpanStore& store) : store_(store) {}

  bool MayKnow(const model::TraceId& trace_id, std::uint64_t position) const override {
    return store_.MayKnow(trace_id, position);
  }

  base::Result<model::BatchPtr> Load(const model::TraceId& trace_id,
                                     std::uint64_t position) override;

 private:
  store::SpanStore& store_;
};

// Gives live state what an earlier process knew: totals, runs that go on, the newest runs. Before
// the first batch of this process. Then starts it, with the rollups of the last day read in the
// background.
base::Result<void> StartLive(store::SpanStore& store, const base::Clock& clock,
                             std::chrono::nanoseconds idle_limit, live::Live& live);

}  // namespace sightline::server
