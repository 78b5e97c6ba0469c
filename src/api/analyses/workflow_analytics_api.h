// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "analytics/bottlenecks/bottlenecks.h"
#include "analytics/failure_analysis.h"
#include "api/request/period.h"
#include "api/runs/run_sample.h"
#include "api/runs/trace_loader.h"
#include "api/sums/fact_series.h"
#include "api/telemetry/resource_json.h"
#include "base/clock.h"
#include "base/json_writer.h"
#include "base/result.h"
#include "net/http.h"
#include "query/fact_query.h"
#include "store/meta_store.h"
#include "store/store.h"

namespace sightline::api {

// /api/v1/enhanced-monitoring/analytics: where the time of a workflow goes, what it uses of its
// machines, why its runs fail and what to expect of the next ones.
//
// Thread: any; calls block while the store reads. What it refers to must outlive it.
class WorkflowAnalyticsApi {
 public:
  // `meta`, which may be null, has the scores.
  WorkflowAnalyticsApi(std::chrono::nanoseconds query_timeout, store::SpanStore& store,
                       const store::MetaStore* meta, const base::Clock& clock)
      : query_timeout_(query_timeout),
        store_(store),
        meta_(meta),
        clock_(clock),
        loader_({.query_timeout = query_timeout}, store, clock) {}

  // Each of {workflow_id}; 404 when no run of it is known.
  net::HttpResponse Bottlenecks(const net::HttpRequest& request) const;
  net::HttpResponse Resources(const net::HttpRequest& request) const;
  net::HttpResponse Failures(const net::HttpRequest& request) const;
  net::HttpResponse Predictions(const net::HttpRequest& request) const;

 private:
  struct Scope {
    std::string workflow_id;
    Period period;
  };

  // What the analyses of whole runs say.
  struct Sampled {
    SampleSize size;
    analytics::BottleneckSums sums;
    StepResources resources;
  };

  base::Result<Scope> ScopeOf(const net::HttpRequest& request) const;
  // Runs or steps of the period.
  static query::FactQuery RunsBy(const Scope& scope, std::vector<query::FactKey> by);
  static query::FactQuery StepsBy(const Scope& scope, std::vector<query::FactKey> by);
  // Runs by day up to its end, and for as long before as a forecast can make use of.
  static query::FactQuery RunsByDay(const Scope& scope);
  base::Result<std::vector<store::FactAnswer>> Sum(
      const std::vector<query::FactQuery>& queries) const;
  // The newest runs of the period, oldest first, at most so many.
  base::Result<std::vector<model::RunRecord>> NewestRuns(const Scope& scope,
                                                         std::optional<model::RunStatus> status,
                                                         std::size_t most) const;
  base::Result<std::string> BottlenecksJson(const net::HttpRequest& request) const;
  base::Result<std::string> FailuresJson(const net::HttpRequest& request) const;
  base::Result<analytics::FailedSteps> FindFailedSteps(const Scope& scope) const;
  base::Result<std::string> PredictionsJson(const net::HttpRequest& request) const;
  // The newest runs of the period, as many as the request asks for.
  base::Result<SampleSize> VisitNewest(const net::HttpRequest& request, const Scope& scope,
                                       const VisitRun& visit) const;
  base::Result<Sampled> ReadSample(const net::HttpRequest& request, const Scope& scope) const;
  base::Result<std::string> TrendsJson(const net::HttpRequest& request) const;
  base::Result<void> WriteWhatDiffers(const Scope& scope, base::JsonWriter& json) const;
  base::Result<void> WriteBlames(const std::vector<model::RunRecord>& failed,
                                 base::JsonWriter& json) const;

  static constexpr std::size_t kMostRuns = 5000;
  static constexpr int kForecastDays = 180;

  const std::chrono::nanoseconds query_timeout_;
  store::SpanStore& store_;
  const store::MetaStore* const meta_;
  const base::Clock& clock_;
  const TraceLoader loader_;
};

}  // namespace sightline::api
