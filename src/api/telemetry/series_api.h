// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <string>

#include "base/clock.h"
#include "base/result.h"
#include "net/http.h"
#include "query/metric_query.h"
#include "store/store.h"

namespace sightline::api {

// GET /api/v1/observability/metrics/series and .../metrics/query: metrics that were received.
//
// Thread: any; calls block while the store reads. What it refers to must outlive it.
class SeriesApi {
 public:
  SeriesApi(std::chrono::nanoseconds query_timeout, store::SpanStore& store,
            const base::Clock& clock)
      : query_timeout_(query_timeout), store_(store), clock_(clock) {}

  net::HttpResponse List(const net::HttpRequest& request) const;
  net::HttpResponse Query(const net::HttpRequest& request) const;

 private:
  base::Result<std::string> ListJson(const net::HttpRequest& request) const;
  base::Result<std::string> QueryJson(const net::HttpRequest& request) const;
  base::Result<query::MetricQuery> QueryOf(const net::HttpRequest& request) const;

  const std::chrono::nanoseconds query_timeout_;
  store::SpanStore& store_;
  const base::Clock& clock_;
};

}  // namespace sightline::api
