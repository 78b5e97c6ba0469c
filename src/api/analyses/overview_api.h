// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "api/telemetry/host_figures.h"
#include "base/clock.h"
#include "live/live.h"
#include "net/http.h"

namespace sightline::api {

// The ports that were chosen, for those who must tell others where to send.
struct Ports {
  std::uint16_t http = 0;
  std::uint16_t otlp_grpc = 0;
  std::uint16_t otlp_http = 0;
};

// GET /api/v1/observability/overview.
//
// Thread: any. What it refers to must outlive it.
class OverviewApi {
 public:
  struct Options {
    Ports ports;
  };

  OverviewApi(const Options& options, const live::Live& live, HostMonitor& host,
              const base::Clock& clock)
      : options_(options), live_(live), host_(host), clock_(clock) {}

  net::HttpResponse Get(const net::HttpRequest& request) const;

 private:
  std::string Json() const;

  const Options options_;
  const live::Live& live_;
  HostMonitor& host_;
  const base::Clock& clock_;
};

}  // namespace sightline::api
