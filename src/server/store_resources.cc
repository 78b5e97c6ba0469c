// SPDX-License-Identifier: Apache-2.0
#include "server/store_resources.h"

#include <string>

namespace sightline::server {
namespace {

// What calls a method of a resource.
template <typename Resource>
StoreResources::Call CallOf(const Resource& resource,
                            net::HttpResponse (Resource::*method)(const net::HttpRequest&) const) {
  return
      [&resource, method](const net::HttpRequest& request) { return (resource.*method)(request); };
}

}  // namespace

StoreResources::StoreResources(const api::TraceLoader::Options& options, store::SpanStore& store,
                               const store::MetaStore& meta,
                               const store::AnnotationStore& annotations, const base::Clock& clock,
                               base::LossTable& losses)
    : trace_rows_(options, store, &meta, &annotations, clock, losses),
      transcript_(options, store, clock, losses),
      logs_(options, store, clock, losses),
      spans_(options.query_timeout, store, &meta, clock),
      series_(options.query_timeout, store, clock),
      resources_(options, store, clock),
      aggregate_(options.query_timeout, store, &meta, clock),
      conversations_(options.query_timeout, store, clock),
      cost_(options.query_timeout, store, clock),
      executions_(options.query_timeout, store, clock),
      workflow_analytics_(options.query_timeout, store, &meta, clock),
      forecast_(options.query_timeout, store, clock),
      anomalies_(options.query_timeout, store, clock),
      compare_(options, store, &meta, clock),
      differences_(options, store, &meta, clock),
      profile_(options, store, clock),
      attribution_(options, store, clock) {}

void StoreResources::VisitRoutes(const AddRoute& add) const {
  const std::string observability = "/api/v1/observability";
  add(observability + "/traces/{trace_id}/transcript",
      CallOf(transcript_, &api::TranscriptApi::Get));
  add(observability + "/traces/{trace_id}/rows", CallOf(trace_rows_, &api::TraceRowsApi::Get));
  add(observability + "/traces/{trace_id}/resources", CallOf(resources_, &api::ResourcesApi::Get));
  add(observability + "/spans", CallOf(spans_, &api::SpansApi::List));
  add(observability + "/logs", CallOf(logs_, &api::LogsApi::List));
  add(observability + "/metrics/series", CallOf(series_, &api::SeriesApi::List));
  add(observability + "/metrics/query", CallOf(series_, &api::SeriesApi::Query));
  add(observability + "/aggregate", CallOf(aggregate_, &api::AggregateApi::Aggregate));
  add(observability + "/facets", CallOf(aggregate_, &api::AggregateApi::Facets));
  add(observability + "/histogram", CallOf(aggregate_, &api::AggregateApi::Histogram));
  add(observability + "/measures",
      [](const net::HttpRequest&) { return api::AggregateApi::Measures(); });
  add(observability + "/sessions", CallOf(conversations_, &api::ConversationsApi::Sessions));
  add(observability + "/sessions/{session_id}",
      CallOf(conversations_, &api::ConversationsApi::Session));
  add(observability + "/users", CallOf(conversations_, &api::ConversationsApi::Users));
  add(observability + "/users/{user_id}", CallOf(conversations_, &api::ConversationsApi::User));
  add(observability + "/compare", CallOf(compare_, &api::CompareApi::Compare));
  add(observability + "/differences", CallOf(differences_, &api::DifferencesApi::Find));
  add(observability + "/profile", CallOf(profile_, &api::ProfileApi::Get));
  add(observability + "/anomalies", CallOf(anomalies_, &api::AnomaliesApi::List));
  add(observability + "/forecast", CallOf(forecast_, &api::ForecastApi::Get));
  add(observability + "/traces/{trace_id}/attribution",
      CallOf(attribution_, &api::AttributionApi::Get));
  add(observability + "/traces/{trace_id}/remaining",
      CallOf(forecast_, &api::ForecastApi::Remaining));
  for (const std::string cost : {"/api/v1/cost-tracking", "/api/v1/cost"}) {
    add(cost + "/summary", CallOf(cost_, &api::CostApi::Summary));
    add(cost + "/trends", CallOf(cost_, &api::CostApi::Trends));
    add(cost + "/api-calls", CallOf(cost_, &api::CostApi::Calls));
  }
  const std::string monitoring = "/api/v1/monitoring";
  add(monitoring + "/metrics/workflow-executions", CallOf(executions_, &api::ExecutionsApi::Runs));
  add(monitoring + "/metrics/step-executions", CallOf(executions_, &api::ExecutionsApi::Steps));
  add(monitoring + "/reports/workflow-performance/{workflow_id}",
      CallOf(executions_, &api::ExecutionsApi::Report));
  add(monitoring + "/analytics/workflow/{workflow_id}",
      CallOf(executions_, &api::ExecutionsApi::Workflow));
  add(monitoring + "/compare/workflows", CallOf(executions_, &api::ExecutionsApi::Compare));
  const std::string enhanced = "/api/v1/enhanced-monitoring";
  add(enhanced + "/enhanced-metrics/workflow-executions",
      CallOf(executions_, &api::ExecutionsApi::EnhancedRuns));
  add(enhanced + "/enhanced-metrics/step-executions",
      CallOf(executions_, &api::ExecutionsApi::EnhancedSteps));
  add(enhanced + "/logs/{execution_id}", CallOf(logs_, &api::LogsApi::OfRun));
  const std::string analytics = enhanced + "/analytics";
  add(analytics + "/bottlenecks/{workflow_id}",
      CallOf(workflow_analytics_, &api::WorkflowAnalyticsApi::Bottlenecks));
  add(analytics + "/resource-trends/{workflow_id}",
      CallOf(workflow_analytics_, &api::WorkflowAnalyticsApi::Resources));
  add(analytics + "/failure-analysis/{workflow_id}",
      CallOf(workflow_analytics_, &api::WorkflowAnalyticsApi::Failures));
  add(analytics + "/predictive/{workflow_id}",
      CallOf(workflow_analytics_, &api::WorkflowAnalyticsApi::Predictions));
}

}  // namespace sightline::server
