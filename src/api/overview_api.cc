// SPDX-License-Identifier: Apache-2.0
#include "api/overview_api.h"

#include <cmath>
#include <unordered_map>
#include <vector>

#include "analytics/trace_view.h"
#include "api/answers.h"
#include "api/host_figures.h"
#include "base/time_text.h"

namespace sightline::api {
namespace {

constexpr std::int64_t kTotalsAgeNs = 1'000'000'000;
constexpr std::size_t kRecentTraces = 10;

double Percent(std::uint64_t part, std::uint64_t whole) {
  return whole == 0
             ? 0.0
             : std::round(10000.0 * static_cast<double>(part) / static_cast<double>(whole)) / 100.0;
}

// The fixed rules of the contract.
std::string_view HealthStatus(const store::TraceTotals& totals, double success_rate) {
  if (totals.total == 0) {
    return "healthy";
  }
  const bool has_finished = totals.completed + totals.failed > 0;
  if (totals.failed_last_day >= 5 || totals.failed_steps_last_day >= 10 ||
      (has_finished && success_rate < 80)) {
    return "critical";
  }
  if (totals.failed_last_day >= 2 || totals.failed_steps_last_day >= 5 ||
      (has_finished && success_rate < 90)) {
    return "warning";
  }
  return "healthy";
}

void WriteHealth(const store::TraceTotals& totals, base::JsonWriter& json) {
  const double success_rate = Percent(totals.completed, totals.completed + totals.failed);
  json.BeginObject();
  json.Key("total_agents").Uint(totals.agents);
  json.Key("active_agents").Uint(totals.active_agents);
  json.Key("total_workflows").Uint(totals.workflows);
  json.Key("active_workflows").Uint(totals.active_workflows);
  json.Key("total_executions").Uint(totals.total);
  json.Key("running_executions").Uint(totals.running);
  json.Key("completed_executions").Uint(totals.completed);
  json.Key("failed_executions").Uint(totals.failed);
  json.Key("cancelled_executions").Uint(totals.cancelled);
  json.Key("abandoned_executions").Uint(totals.abandoned);
  json.Key("success_rate").Double(success_rate);
  json.Key("avg_execution_time")
      .Double(totals.completed == 0
                  ? 0.0
                  : totals.completed_seconds / static_cast<double>(totals.completed));
  json.Key("recent_failed_executions_24h").Uint(totals.failed_last_day);
  json.Key("recent_failed_steps_24h").Uint(totals.failed_steps_last_day);
  json.Key("health_status").String(HealthStatus(totals, success_rate));
  json.EndObject();
}

void WriteRealTime(const store::TraceTotals& totals, const live::Rates::Snapshot& rates,
                   base::JsonWriter& json) {
  json.BeginObject();
  json.Key("running_executions").Uint(totals.running);
  json.Key("recent_executions").Uint(totals.started_last_five_minutes);
  json.Key("failed_executions_last_hour").Uint(totals.failed_last_hour);
  json.Key("system_load")
      .String(totals.failed_last_hour > 3 || totals.running > 10 ? "high" : "normal");
  json.Key("spans_per_second").Double(rates.spans_per_second);
  json.Key("tokens_per_minute").Int(rates.tokens_per_minute);
  json.Key("cost_per_hour").Pico(rates.cost_per_hour_picodollars);
  json.Key("ingest_lag_ms").Double(std::round(rates.ingest_lag_ms * 1000.0) / 1000.0);
  const HostFigures host = ReadHostFigures();
  json.Key("host").BeginObject();
  json.Key("memory_percent").Double(host.memory_percent);
  json.Key("load1").Double(host.load1);
  json.EndObject();
  json.EndObject();
}

}  // namespace

base::Result<store::TraceTotals> OverviewApi::Totals() const {
  const std::int64_t now_ns = clock_.NowNs();
  {
    base::MutexLock lock(mutex_);
    if (totals_time_ns_ != 0 && now_ns - totals_time_ns_ < kTotalsAgeNs) {
      return totals_;
    }
  }
  const auto deadline =
      std::chrono::steady_clock::now() +
      std::chrono::duration_cast<std::chrono::steady_clock::duration>(options_.query_timeout);
  const store::TraceTotals totals =
      TRY(store_.Totals(now_ns, options_.idle_limit.count(), deadline));
  base::MutexLock lock(mutex_);
  totals_ = totals;
  totals_time_ns_ = now_ns;
  return totals;
}

base::Result<void> OverviewApi::WriteRecent(base::JsonWriter& json) const {
  const auto deadline =
      std::chrono::steady_clock::now() +
      std::chrono::duration_cast<std::chrono::steady_clock::duration>(options_.query_timeout);
  query::TraceQuery query;
  query.limit = kRecentTraces;
  query.now_ns = clock_.NowNs();
  query.idle_limit_ns = options_.idle_limit.count();
  const store::TracePage page = TRY(store_.ListTraces(query, deadline));
  std::vector<model::TraceId> ids;
  for (const store::TracePage::Item& item : page.items) {
    ids.push_back(item.trace_id);
  }
  const store::Rows rows = TRY(store_.FetchSummaries(ids, deadline));
  std::unordered_map<model::TraceId, std::vector<model::Span>, model::TraceIdHasher> by_trace;
  for (const model::Span& span : rows->spans) {
    by_trace[span.trace_id].push_back(span);
  }
  json.BeginArray();
  for (const store::TracePage::Item& item : page.items) {
    const analytics::TraceView view =
        analytics::AssembleTrace(by_trace[item.trace_id], {.now_ns = query.now_ns,
                                                           .last_received_ns = item.received_ns,
                                                           .idle_limit_ns = query.idle_limit_ns});
    if (view.spans.empty()) {
      continue;
    }
    json.BeginObject();
    json.Key("trace_id").String(item.trace_id.ToHex());
    json.Key("workflow_id").String(view.summary.workflow_id);
    json.Key("status").String(model::RunStatusName(view.summary.status));
    json.Key("started_at").String(base::FormatTimeNs(view.summary.start_ns));
    json.EndObject();
  }
  json.EndArray();
  return {};
}

base::Result<std::string> OverviewApi::Json() const {
  const store::TraceTotals totals = TRY(Totals());
  base::JsonWriter json;
  json.BeginObject();
  json.Key("timestamp").String(base::FormatTimeNs(clock_.NowNs()));
  json.Key("system_health");
  WriteHealth(totals, json);
  json.Key("real_time_metrics");
  WriteRealTime(totals, rates_.snapshot(), json);
  json.Key("tracing_enabled").Bool(true);
  json.Key("recent_traces");
  TRY(WriteRecent(json));
  json.Key("capabilities").BeginObject();
  json.Key("tracing").Bool(true);
  json.Key("cost_tracking").Bool(true);
  json.Key("full_text_search").Bool(true);
  json.Key("live_websocket").Bool(false);
  json.Key("lifecycle_events").Bool(false);
  json.Key("alerting").Bool(false);
  json.Key("forecasting").Bool(false);
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
