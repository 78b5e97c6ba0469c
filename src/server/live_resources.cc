// SPDX-License-Identifier: Apache-2.0
#include "server/live_resources.h"

#include <string>
#include <utility>

namespace sightline::server {

void LiveResources::AddRoutes(RouteTable& routes) {
  const std::string observability = "/api/v1/observability";
  routes.AddFeed(observability + "/ws/metrics", [this](const auto& r, auto sink) {
    feeds_.metrics().OpenSocket(r, std::move(sink));
  });
  routes.AddFeed(observability + "/metrics/stream", [this](const auto& r, auto sink) {
    feeds_.metrics().OpenStream(r, std::move(sink));
  });
  routes.AddFeed(observability + "/ws/executions/{execution_id}", [this](const auto& r, auto sink) {
    feeds_.executions().Open(r, std::move(sink));
  });
  routes.AddFeed(observability + "/ws/traces/{trace_id}",
                 [this](const auto& r, auto sink) { feeds_.traces().Open(r, std::move(sink)); });
  routes.AddFigures("/api/v1/monitoring/health",
                    [this](const auto& r) { return monitoring_.Health(r); });
  routes.AddFigures("/api/v1/monitoring/recent-executions",
                    [this](const auto& r) { return monitoring_.RecentExecutions(r); });
  for (const char* overview : {"/overview", "/observability/overview"}) {
    routes.AddFigures(observability + overview, [this](const auto& r) { return overview_.Get(r); });
  }
  routes.AddFigures(observability + "/unmapped",
                    [this](const auto& r) { return unmapped_.Get(r); });
}

}  // namespace sightline::server
