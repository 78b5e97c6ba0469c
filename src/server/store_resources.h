// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string_view>

#include "api/aggregate_api.h"
#include "api/anomalies_api.h"
#include "api/compare_api.h"
#include "api/conversations_api.h"
#include "api/cost_api.h"
#include "api/executions_api.h"
#include "api/forecast_api.h"
#include "api/logs_api.h"
#include "api/profile_api.h"
#include "api/series_api.h"
#include "api/trace_loader.h"
#include "api/trace_rows_api.h"
#include "api/workflow_analytics_api.h"
#include "base/clock.h"
#include "base/loss.h"
#include "net/http.h"
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
                 const base::Clock& clock, base::LossTable& losses);

  // Tells `add` of every path that is read with GET. The calls refer to this.
  void VisitRoutes(const AddRoute& add) const;

 private:
  api::TraceRowsApi trace_rows_;
  api::LogsApi logs_;
  api::SeriesApi series_;
  api::AggregateApi aggregate_;
  api::ConversationsApi conversations_;
  api::CostApi cost_;
  api::ExecutionsApi executions_;
  api::WorkflowAnalyticsApi workflow_analytics_;
  api::ForecastApi forecast_;
  api::AnomaliesApi anomalies_;
  api::CompareApi compare_;
  api::ProfileApi profile_;
};

}  // namespace sightline::server
