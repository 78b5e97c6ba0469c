// SPDX-License-Identifier: Apache-2.0
#include "api/analyses/monitoring_api.h"

#include <cstddef>
#include <string>

#include "api/live/live_json.h"
#include "api/request/answers.h"
#include "api/request/parameters.h"
#include "base/json_writer.h"
#include "net/http_status.h"

namespace sightline::api {

net::HttpResponse MonitoringApi::Health(const net::HttpRequest& request) const {
  base::JsonWriter json;
  WriteHealth(live_.figures(Parameters(request.query).Text("workflow_id")), json);
  return JsonAnswer(json.Take());
}

net::HttpResponse MonitoringApi::RecentExecutions(const net::HttpRequest& request) const {
  const auto limit = Parameters(request.query).Limit(20, live::RecentRuns::kMaxRuns);
  if (!limit.has_value()) {
    return net::ErrorResponse(limit.error());
  }
  base::JsonWriter json;
  json.BeginArray();
  for (const live::RunSummary& run : live_.recent_runs(*limit)) {
    WriteRecentExecution(run, json);
  }
  json.EndArray();
  return JsonAnswer(json.Take());
}

}  // namespace sightline::api
