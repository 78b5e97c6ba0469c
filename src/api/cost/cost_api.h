// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <string>

#include "base/clock.h"
#include "base/json_writer.h"
#include "base/result.h"
#include "net/http.h"
#include "query/fact_query.h"
#include "store/store.h"

namespace sightline::api {

// GET /api/v1/cost-tracking/summary, /trends and /api-calls: what model calls have cost. Each call
// counts once, also where several spans tell of it; a cost that is not known is never taken for 0.
//
// Thread: any; calls block while the store reads. What it refers to must outlive it.
class CostApi {
 public:
  CostApi(std::chrono::nanoseconds query_timeout, store::SpanStore& store, const base::Clock& clock)
      : query_timeout_(query_timeout), store_(store), clock_(clock) {}

  net::HttpResponse Summary(const net::HttpRequest& request) const;
  net::HttpResponse Trends(const net::HttpRequest& request) const;
  net::HttpResponse Calls(const net::HttpRequest& request) const;

 private:
  base::Result<std::string> SummaryJson(const net::HttpRequest& request) const;
  base::Result<std::string> TrendsJson(const net::HttpRequest& request) const;
  base::Result<std::string> CallsJson(const net::HttpRequest& request) const;

  const std::chrono::nanoseconds query_timeout_;
  store::SpanStore& store_;
  const base::Clock& clock_;
};

}  // namespace sightline::api
