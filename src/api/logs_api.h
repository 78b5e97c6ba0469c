// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <string>

#include "base/loss.h"
#include "base/result.h"
#include "net/http.h"
#include "store/store.h"

namespace sightline::api {

// GET /api/v1/observability/logs: log records of all traces and of none.
//
// Thread: any; calls block while the store reads. What it refers to must outlive it.
class LogsApi {
 public:
  LogsApi(std::chrono::nanoseconds query_timeout, store::SpanStore& store, base::LossTable& losses)
      : query_timeout_(query_timeout), store_(store), losses_(losses) {}

  net::HttpResponse List(const net::HttpRequest& request) const;

 private:
  base::Result<std::string> ListJson(const net::HttpRequest& request) const;

  const std::chrono::nanoseconds query_timeout_;
  store::SpanStore& store_;
  base::LossTable& losses_;
};

}  // namespace sightline::api
