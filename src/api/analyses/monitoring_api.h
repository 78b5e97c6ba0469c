// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "live/live.h"
#include "net/http.h"

namespace sightline::api {

// GET /api/v1/monitoring/health and /recent-executions, from live state.
//
// Thread: any. What it refers to must outlive it.
class MonitoringApi {
 public:
  explicit MonitoringApi(const live::Live& live) : live_(live) {}

  net::HttpResponse Health(const net::HttpRequest& request) const;
  net::HttpResponse RecentExecutions(const net::HttpRequest& request) const;

 private:
  const live::Live& live_;
};

}  // namespace sightline::api
