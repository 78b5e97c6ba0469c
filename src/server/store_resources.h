// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string_view>

#include "api/analyses/anomalies_api.h"
#include "api/analyses/attribution_api.h"
#include "api/analyses/compare_api.h"
#include "api/analyses/differences_api.h"
#include "api/analyses/forecast_api.h"
#include "api/analyses/profile_api.h"
#include "api/analyses/workflow_analytics_api.h"
#include "api/cost/cost_api.h"
#include "api/runs/conversations_api.h"
#include "api/runs/executions_api.h"
#include "api/runs/spans_api.h"
#include "api/runs/trace_loader.h"
#include "api/runs/trace_rows_api.h"
#include "api/runs/transcript_api.h"
#include "api/sums/aggregate_api.h"
#include "api/telemetry/logs_api.h"
#include "api/telemetry/resources_api.h"
#include "api/telemetry/series_api.h"
#include "base/clock.h"
#include "base/loss.h"
#include "net/http.h"
#include "store/annotation_store.h"
#include "store/meta_store.h"
#include "store/store.h"

namespace sightline::server {

// The resources of the HTTP API that answer from the store alone, and their paths.
//
// Thread: any. What it refers to must outlive it.
class StoreResources {
 public:
  using Call = std::function<net::HttpResponse(const net::HttpRequest& request)>;
  using AddRoute = std::function<void(std::string_view pattern, Call call)>;

  StoreResources(const api::TraceLoader::Options& options, store::SpanStore& store,
                 const store::MetaStore& meta, const store::AnnotationStore& annotations,
                 const base::Clock& clock, base::LossTable& losses);

  // Tells `add` of every path that is read with GET. The calls refer to this.
  void VisitRoutes(const AddRoute& add) const;

 private:
  api::TraceRowsApi trace_rows_;
  api::TranscriptApi transcript_;
  api::LogsApi logs_;
  api::SpansApi spans_;
  api::SeriesApi series_;
  api::ResourcesApi resources_;
  api::AggregateApi aggregate_;
  api::ConversationsApi conversations_;
  api::CostApi cost_;
  api::ExecutionsApi executions_;
  api::WorkflowAnalyticsApi workflow_analytics_;
  api::ForecastApi forecast_;
  api::AnomaliesApi anomalies_;
  api::CompareApi compare_;
  api::DifferencesApi differences_;
  api::ProfileApi profile_;
  api::AttributionApi attribution_;
};

}  // namespace sightline::server
