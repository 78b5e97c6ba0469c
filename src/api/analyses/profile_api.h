// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "api/runs/trace_loader.h"
#include "base/clock.h"
#include "base/result.h"
#include "net/http.h"
#include "store/store.h"

namespace sightline::api {

// GET /api/v1/observability/profile: self time, cost or tokens of many runs of a workflow as stacks
// of agent > step > tool or model, for flame graphs.
//
// Thread: any; calls block while the store reads. What it refers to must outlive it.
class ProfileApi {
 public:
  ProfileApi(const TraceLoader::Options& options, store::SpanStore& store, const base::Clock& clock)
      : store_(store), clock_(clock), loader_(options, store, clock) {}

  net::HttpResponse Get(const net::HttpRequest& request) const;

 private:
  base::Result<net::HttpResponse> Answer(const net::HttpRequest& request) const;

  store::SpanStore& store_;
  const base::Clock& clock_;
  const TraceLoader loader_;
};

}  // namespace sightline::api
