// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>

#include "base/clock.h"
#include "base/json_writer.h"
#include "base/mutex.h"
#include "base/result.h"
#include "live/rates.h"
#include "net/http.h"
#include "store/store.h"

namespace sightline::api {

// The ports that were chosen, for those who must tell others where to send.
struct Ports {
  std::uint16_t http = 0;
  std::uint16_t otlp_grpc = 0;
  std::uint16_t otlp_http = 0;
};

// GET /api/v1/observability/overview.
//
// Thread: any; calls block while the store reads. What it refers to must outlive it.
class OverviewApi {
 public:
  struct Options {
    std::chrono::nanoseconds idle_limit = std::chrono::minutes(5);
    std::chrono::nanoseconds query_timeout = std::chrono::seconds(15);
    Ports ports;
  };

  OverviewApi(const Options& options, store::SpanStore& store, const live::Rates& rates,
              const base::Clock& clock)
      : options_(options), store_(store), rates_(rates), clock_(clock) {}

  net::HttpResponse Get(const net::HttpRequest& request) const;

 private:
  base::Result<store::TraceTotals> Totals() const EXCLUDES(mutex_);
  base::Result<std::string> Json() const;
  base::Result<void> WriteRecent(base::JsonWriter& json) const;

  const Options options_;
  store::SpanStore& store_;
  const live::Rates& rates_;
  const base::Clock& clock_;

  // Totals are the same for everybody who asks within a second.
  mutable base::Mutex mutex_;
  mutable store::TraceTotals totals_ GUARDED_BY(mutex_);
  mutable std::int64_t totals_time_ns_ GUARDED_BY(mutex_) = 0;
};

}  // namespace sightline::api
