// SPDX-License-Identifier: Apache-2.0
#include "api/analyses/overview_api.h"

#include <cstddef>
#include <vector>

#include "api/live/live_json.h"
#include "api/request/answers.h"
#include "base/json_writer.h"
#include "base/time_text.h"
#include "model/run_status.h"

namespace sightline::api {
namespace {

constexpr std::size_t kRecentTraces = 10;

void WriteRecent(const std::vector<live::RunSummary>& runs, base::JsonWriter& json) {
  json.BeginArray();
  for (const live::RunSummary& run : runs) {
    json.BeginObject();
    json.Key("trace_id").String(run.trace_id.ToHex());
    json.Key("workflow_id").String(run.workflow_id);
    json.Key("status").String(model::RunStatusName(run.status));
    json.Key("started_at").String(base::FormatTimeNs(run.start_ns));
    json.EndObject();
  }
  json.EndArray();
}

}  // namespace

std::string OverviewApi::Json() const {
  const live::Figures figures = live_.figures();
  base::JsonWriter json;
  json.BeginObject();
  json.Key("timestamp").String(base::FormatTimeNs(clock_.NowNs()));
  json.Key("system_health");
  WriteHealth(figures, json);
  json.Key("real_time_metrics");
  WriteRealTime(figures, live_.rates().snapshot(), host_.figures(), json);
  json.Key("tracing_enabled").Bool(true);
  json.Key("recent_traces");
  WriteRecent(live_.recent_runs(kRecentTraces), json);
  json.Key("capabilities").BeginObject();
  json.Key("tracing").Bool(true);
  json.Key("cost_tracking").Bool(true);
  json.Key("full_text_search").Bool(true);
  json.Key("live_websocket").Bool(true);
  json.Key("lifecycle_events").Bool(true);
  json.Key("alerting").Bool(false);
  json.Key("forecasting").Bool(true);
  json.EndObject();
  json.Key("ports").BeginObject();
  json.Key("http").Uint(options_.ports.http);
  json.Key("otlp_grpc").Uint(options_.ports.otlp_grpc);
  json.Key("otlp_http").Uint(options_.ports.otlp_http);
  json.EndObject();
  json.EndObject();
  return json.Take();
}

net::HttpResponse OverviewApi::Get(const net::HttpRequest&) const {
  return JsonAnswer(Json());
}

}  // namespace sightline::api
