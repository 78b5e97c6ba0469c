// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/result.h"
#include "net/http.h"
#include "store/meta_store.h"
#include "store/store.h"

namespace sightline::api {

// /api/v1/scores: what people and programs think of runs, steps and sessions.
//
// Thread: any; calls block while a store reads or writes. What it refers to must outlive it.
class ScoresApi {
 public:
  ScoresApi(std::chrono::nanoseconds query_timeout, store::MetaStore& meta, store::SpanStore& store,
            const base::Clock& clock)
      : query_timeout_(query_timeout), meta_(meta), store_(store), clock_(clock) {}

  net::HttpResponse List(const net::HttpRequest& request) const;
  net::HttpResponse Add(const net::HttpRequest& request);
  net::HttpResponse Delete(const net::HttpRequest& request);

 private:
  base::Result<std::string> ListJson(const net::HttpRequest& request) const;
  base::Result<std::string> AddJson(const std::string& body);
  base::Result<std::string> DeleteJson(const net::HttpRequest& request);
  base::Result<std::string> TraceOf(std::string_view execution_id) const;

  const std::chrono::nanoseconds query_timeout_;
  store::MetaStore& meta_;
  store::SpanStore& store_;
  const base::Clock& clock_;
};

}  // namespace sightline::api
