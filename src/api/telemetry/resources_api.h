// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "api/runs/trace_loader.h"
#include "base/clock.h"
#include "base/result.h"
#include "net/http.h"
#include "store/store.h"

namespace sightline::api {

// GET /api/v1/observability/traces/{trace_id}/resources: what a run, or one of its steps, used of
// its machines: what it said itself, else what the metrics of its processes tell.
//
// Thread: any; calls block while the store reads. What it refers to must outlive it.
class ResourcesApi {
 public:
  ResourcesApi(const TraceLoader::Options& options, store::SpanStore& store,
               const base::Clock& clock)
      : store_(store), clock_(clock), loader_(options, store, clock) {}

  net::HttpResponse Get(const net::HttpRequest& request) const;

 private:
  base::Result<std::string> Json(const net::HttpRequest& request) const;

  store::SpanStore& store_;
  const base::Clock& clock_;
  const TraceLoader loader_;
};

}  // namespace sightline::api
