// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "api/analyses/monitoring_api.h"
#include "api/analyses/overview_api.h"
#include "api/live/live_feeds.h"
#include "api/runs/unmapped_api.h"
#include "api/telemetry/host_figures.h"
#include "base/clock.h"
#include "base/loss.h"
#include "ingest/unmapped_keys.h"
#include "live/live.h"
#include "server/route_table.h"
#include "store/store.h"

namespace sightline::server {

// The resources of the HTTP API that answer from memory, the feeds among them, and their paths.
//
// Thread: any. What it refers to must outlive it, and so must it the servers of its clients.
class LiveResources {
 public:
  struct Parts {
    live::Live& live;
    store::SpanStore& store;
    const ingest::UnmappedKeys& unmapped;
    const base::Clock& clock;
    base::LossTable& losses;
  };

  LiveResources(const api::Ports& ports, const api::LiveFeeds::Options& feeds, const Parts& parts)
      : overview_({.ports = ports}, parts.live, host_, parts.clock),
        monitoring_(parts.live),
        unmapped_(parts.unmapped, parts.clock),
        feeds_(feeds, parts.live, parts.store, host_, parts.clock, parts.losses) {}

  // The routes refer to this.
  void AddRoutes(RouteTable& routes);

  api::LiveFeeds& feeds() { return feeds_; }

  api::HostMonitor& host() { return host_; }

 private:
  api::HostMonitor host_;
  const api::OverviewApi overview_;
  const api::MonitoringApi monitoring_;
  const api::UnmappedApi unmapped_;
  api::LiveFeeds feeds_;
};

}  // namespace sightline::server
