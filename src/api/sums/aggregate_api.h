// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <string>

#include "base/clock.h"
#include "base/result.h"
#include "net/http.h"
#include "store/meta_store.h"
#include "store/store.h"

namespace sightline::api {

// Sums, counts, rates and quantiles over runs or steps, by any of their keys and by time: what
// dashboards are made of. Answers come from facts, so they count runs that go on as well.
//
// Thread: any; calls block while the store reads. What it refers to must outlive it.
class AggregateApi {
 public:
  // `meta`, which may be null, has the scores.
  AggregateApi(std::chrono::nanoseconds query_timeout, store::SpanStore& store,
               const store::MetaStore* meta, const base::Clock& clock)
      : query_timeout_(query_timeout), store_(store), meta_(meta), clock_(clock) {}

  net::HttpResponse Aggregate(const net::HttpRequest& request) const;
  net::HttpResponse Facets(const net::HttpRequest& request) const;
  net::HttpResponse Histogram(const net::HttpRequest& request) const;

  // Why Aggregate would refuse these parameters; success when it would not.
  static base::Result<void> Check(const net::QueryParameters& query, const base::Clock& clock);

  // What Aggregate can measure and group by.
  static net::HttpResponse Measures();

 private:
  base::Result<std::string> AggregateJson(const net::HttpRequest& request) const;
  base::Result<std::string> FacetsJson(const net::HttpRequest& request) const;
  base::Result<std::string> HistogramJson(const net::HttpRequest& request) const;

  const std::chrono::nanoseconds query_timeout_;
  store::SpanStore& store_;
  const store::MetaStore* const meta_;
  const base::Clock& clock_;
};

}  // namespace sightline::api
