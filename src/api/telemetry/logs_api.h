// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <string>

#include "api/runs/trace_loader.h"
#include "base/clock.h"
#include "base/loss.h"
#include "base/result.h"
#include "net/http.h"
#include "store/store.h"

namespace sightline::api {

// GET /api/v1/observability/logs: log records of all traces and of none, and
// /api/v1/enhanced-monitoring/logs/{execution_id}: those of one run.
//
// Thread: any; calls block while the store reads. What it refers to must outlive it.
class LogsApi {
 public:
  LogsApi(const TraceLoader::Options& options, store::SpanStore& store, const base::Clock& clock,
          base::LossTable& losses)
      : query_timeout_(options.query_timeout),
        store_(store),
        losses_(losses),
        loader_(options, store, clock) {}

  net::HttpResponse List(const net::HttpRequest& request) const;
  net::HttpResponse OfRun(const net::HttpRequest& request) const;  // 404 for an unknown run.

 private:
  base::Result<std::string> ListJson(const net::HttpRequest& request) const;
  base::Result<std::string> OfRunJson(const net::HttpRequest& request) const;
  base::Result<Bodies> BodiesOf(const LogList& logs, store::SpanStore::Deadline deadline) const;

  const std::chrono::nanoseconds query_timeout_;
  store::SpanStore& store_;
  base::LossTable& losses_;
  const TraceLoader loader_;
};

}  // namespace sightline::api
