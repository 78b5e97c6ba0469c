// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <string>

#include "base/clock.h"
#include "base/result.h"
#include "net/http.h"
#include "store/store.h"

namespace sightline::api {

// GET /api/v1/observability/spans: steps across runs, such as the calls of a model, in order of
// time, duration, cost or tokens.
//
// Thread: any; calls block while the store reads. What it refers to must outlive it.
class SpansApi {
 public:
  SpansApi(std::chrono::nanoseconds query_timeout, store::SpanStore& store,
           const base::Clock& clock)
      : query_timeout_(query_timeout), store_(store), clock_(clock) {}

  net::HttpResponse List(const net::HttpRequest& request) const;

 private:
  base::Result<std::string> ListJson(const net::HttpRequest& request) const;

  const std::chrono::nanoseconds query_timeout_;
  store::SpanStore& store_;
  const base::Clock& clock_;
};

}  // namespace sightline::api
