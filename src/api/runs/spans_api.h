// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "base/clock.h"
#include "base/result.h"
#include "net/http.h"
#include "query/fact_query.h"
#include "query/step_query.h"
#include "store/meta_store.h"
#include "store/store.h"

namespace sightline::api {

// GET /api/v1/observability/spans: steps across runs, such as the calls of a model, in order of
// time, duration, cost, tokens or time to the first token, and on the first page the sums of all
// that match.
//
// Thread: any; calls block while the store reads. What it refers to must outlive it.
class SpansApi {
 public:
  // Null `meta`: no scores are known.
  SpansApi(std::chrono::nanoseconds query_timeout, store::SpanStore& store,
           const store::MetaStore* meta, const base::Clock& clock)
      : query_timeout_(query_timeout), store_(store), meta_(meta), clock_(clock) {}

  net::HttpResponse List(const net::HttpRequest& request) const;

 private:
  base::Result<std::string> ListJson(const net::HttpRequest& request) const;
  base::Result<query::StepQuery> QueryOf(const net::HttpRequest& request) const;
  base::Result<std::optional<query::FactSums>> TotalsOf(const query::StepQuery& query,
                                                        bool is_exact,
                                                        store::SpanStore::Deadline deadline) const;

  const std::chrono::nanoseconds query_timeout_;
  store::SpanStore& store_;
  const store::MetaStore* meta_;
  const base::Clock& clock_;
};

}  // namespace sightline::api
