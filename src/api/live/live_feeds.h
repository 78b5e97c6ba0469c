// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>

#include "api/live/execution_feed.h"
#include "api/live/metrics_feed.h"
#include "api/live/subscription_gate.h"
#include "api/live/trace_feed.h"
#include "api/runs/run_loader.h"
#include "api/telemetry/host_figures.h"
#include "base/clock.h"
#include "base/loss.h"
#include "live/live.h"
#include "store/store.h"

namespace sightline::api {

// The live feeds and the gate that limits them; live state tells them what changes.
//
// Thread: any. What it refers to must outlive it; the server that its clients are connected to must
// be stopped first.
class LiveFeeds {
 public:
  struct Options {
    SubscriptionGate::Options gate;
    RunLoader::Options runs;
    MetricsFeed::Options metrics;
  };

  LiveFeeds(const Options& options, live::Live& live, store::SpanStore& store, HostMonitor& host,
            const base::Clock& clock, base::LossTable& losses)
      : live_(live),
        gate_(options.gate),
        loader_(options.runs, live, store, clock),
        metrics_(options.metrics, live, host, clock, {.gate = gate_, .losses = losses}),
        executions_(live, loader_, {.gate = gate_, .losses = losses}),
        traces_(live, loader_, {.gate = gate_, .losses = losses}) {
    live_.SetListener([this](const live::LiveUpdate& update) { OnUpdate(update); });
  }

  ~LiveFeeds() { live_.SetListener({}); }

  LiveFeeds(const LiveFeeds&) = delete;
  LiveFeeds& operator=(const LiveFeeds&) = delete;

  MetricsFeed& metrics() { return metrics_; }

  ExecutionFeed& executions() { return executions_; }

  TraceFeed& traces() { return traces_; }

  std::size_t subscription_count() const { return gate_.count(); }

 private:
  void OnUpdate(const live::LiveUpdate& update) {
    for (const live::NewSpans& spans : update.spans) {
      traces_.OnSpans(spans);
    }
    for (const live::RunSnapshotPtr& run : update.runs) {
      executions_.OnRun(*run);
      traces_.OnRun(*run);
    }
    if (update.has_new_figures) {
      metrics_.OnChange();
    }
  }

  live::Live& live_;
  const SubscriptionGate gate_;
  const RunLoader loader_;
  MetricsFeed metrics_;
  ExecutionFeed executions_;
  TraceFeed traces_;
};

}  // namespace sightline::api
