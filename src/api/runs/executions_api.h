// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <string>

#include "api/request/period.h"
#include "api/runs/run_sample.h"
#include "api/runs/trace_loader.h"
#include "api/sums/fact_figures.h"
#include "base/clock.h"
#include "base/json_writer.h"
#include "base/result.h"
#include "net/http.h"
#include "query/fact_query.h"
#include "store/store.h"

namespace sightline::api {

// How runs and steps came out over a time: /api/v1/monitoring/metrics, /reports, /analytics and
// /compare, and the metrics of /api/v1/enhanced-monitoring.
//
// Thread: any; calls block while the store reads. What it refers to must outlive it.
class ExecutionsApi {
 public:
  ExecutionsApi(std::chrono::nanoseconds query_timeout, store::SpanStore& store,
                const base::Clock& clock)
      : query_timeout_(query_timeout),
        store_(store),
        clock_(clock),
        loader_({.query_timeout = query_timeout}, store, clock) {}

  net::HttpResponse Runs(const net::HttpRequest& request) const;
  net::HttpResponse Steps(const net::HttpRequest& request) const;
  net::HttpResponse EnhancedRuns(const net::HttpRequest& request) const;
  net::HttpResponse EnhancedSteps(const net::HttpRequest& request) const;
  net::HttpResponse Report(const net::HttpRequest& request) const;    // of {workflow_id}
  net::HttpResponse Workflow(const net::HttpRequest& request) const;  // of {workflow_id}
  net::HttpResponse Compare(const net::HttpRequest& request) const;

 private:
  struct Scope {
    Period period;
    query::FactQuery facts;  // Of the period, and of a workflow if one is asked for.

    query::FactQuery RunsBy(query::FactKey key) const;
    query::FactQuery RunsByDay() const;
    query::FactQuery StepsBy(query::FactKey key) const;
  };

  base::Result<std::string> RunsJson(const net::HttpRequest& request) const;
  base::Result<std::string> EnhancedRunsJson(const net::HttpRequest& request) const;
  base::Result<std::string> StepsJson(const net::HttpRequest& request, bool is_enhanced) const;
  base::Result<std::string> ReportJson(const net::HttpRequest& request) const;
  base::Result<std::string> WorkflowJson(const net::HttpRequest& request) const;
  base::Result<std::string> CompareJson(const net::HttpRequest& request) const;

  base::Result<Scope> ScopeOf(const net::HttpRequest& request) const;
  // Of the workflow in the path; kNotFound when no run of it is known.
  base::Result<Scope> ScopeOfWorkflow(const net::HttpRequest& request) const;
  base::Result<std::vector<store::FactAnswer>> Sum(
      const std::vector<query::FactQuery>& queries) const;
  base::Result<void> WriteRunMetrics(const Scope& scope, const StatusSums& runs,
                                     const store::FactAnswer& by_day, base::JsonWriter& json) const;
  // The newest kSampleRuns runs of the scope.
  base::Result<SampleSize> VisitNewest(const Scope& scope, const VisitRun& visit) const;
  // `resource_usage` and `sample`, or the averages of steps, inside an object that is open.
  base::Result<void> WriteRunResources(const Scope& scope, base::JsonWriter& json) const;
  base::Result<void> WriteStepResources(const Scope& scope, base::JsonWriter& json) const;
  base::Result<store::RunPage> NewestRuns(const Scope& scope, std::size_t limit) const;

  const std::chrono::nanoseconds query_timeout_;
  store::SpanStore& store_;
  const base::Clock& clock_;
  const TraceLoader loader_;
};

}  // namespace sightline::api
