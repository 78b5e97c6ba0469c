// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "api/runs/trace_loader.h"
#include "base/clock.h"
#include "base/result.h"
#include "net/http.h"
#include "store/store.h"

namespace sightline::api {

// GET /api/v1/observability/traces/{trace_id}/attribution: which agent and step of a run most
// likely made it fail. The run is taken to have failed whatever its status says, so that one can
// ask it of a run whose answer is wrong.
//
// Thread: any; calls block while the store reads. What it refers to must outlive it.
class AttributionApi {
 public:
  AttributionApi(const TraceLoader::Options& options, store::SpanStore& store,
                 const base::Clock& clock)
      : loader_(options, store, clock) {}

  // 413 for a run of more than kMostBlamedSpans.
  net::HttpResponse Get(const net::HttpRequest& request) const;

 private:
  base::Result<std::string> Json(const net::HttpRequest& request) const;

  const TraceLoader loader_;
};

}  // namespace sightline::api
