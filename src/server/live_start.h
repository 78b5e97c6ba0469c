// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>

#include "base/clock.h"
#include "base/result.h"
#include "live/history.h"
#include "live/live.h"
#include "store/embedded/embedded_store.h"
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

// Answers the store from live state.
//
// Thread: any. Live state must outlive it.
class LiveRuns final : public store::RunSource {
 public:
  explicit LiveRuns(live::Live& live) : live_(live) {}

  // As of what was committed when it is called, unless live state lags by more than a moment.
  void VisitRuns(const std::function<bool(const model::RunRecord&)>& visit) const override;

  model::FactTable FactsInMemory() const override { return live_.FactsInMemory(); }

  bool Holds(const model::TraceId& trace_id) const override { return live_.Holds(trace_id); }

  model::LiveCut TakeCut() override { return live_.TakeCut(); }

 private:
  live::Live& live_;
};

// Gives live state what an earlier process knew, and starts it: runs that go on and the newest runs
// at once, sums of all days in the background. Before the first batch of this process.
base::Result<void> StartLive(store::embedded::EmbeddedStore& store, const base::Clock& clock,
                             live::Live& live);

}  // namespace sightline::server
