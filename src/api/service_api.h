// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>

#include "api/live/live_feeds.h"
#include "api/telemetry/host_figures.h"
#include "base/loss.h"
#include "ingest/byte_budget.h"
#include "ingest/pipeline.h"
#include "journal/journal.h"
#include "live/live.h"
#include "net/http.h"
#include "store/meta_store.h"
#include "store/store.h"

namespace sightline::api {

// /healthz, /readyz and /metrics.
//
// Thread: any. What it refers to must outlive it.
class ServiceApi {
 public:
  struct Parts {
    const store::SpanStore& store;
    const store::MetaStore& meta;
    const journal::Journal& journal;
    const ingest::Pipeline& pipeline;
    const ingest::ByteBudget& budget;
    const live::Live& live;
    const LiveFeeds& feeds;
    HostMonitor& host;
    const base::LossTable& losses;
    std::function<bool()> is_draining;
  };

  explicit ServiceApi(Parts parts) : parts_(std::move(parts)) {}

  // The process is up.
  net::HttpResponse Health(const net::HttpRequest& request) const;

  // 200 while telemetry is accepted; 503 with the reason while stopping or the disk is full.
  net::HttpResponse Ready(const net::HttpRequest& request) const;

  // Prometheus text.
  net::HttpResponse Metrics(const net::HttpRequest& request) const;

 private:
  std::string NotReadyReason() const;

  const Parts parts_;
};

}  // namespace sightline::api
