// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "api/request/period.h"
#include "api/sums/fact_series.h"
#include "base/clock.h"
#include "base/json_writer.h"
#include "base/result.h"
#include "model/run_record.h"
#include "net/http.h"
#include "query/fact_query.h"
#include "store/store.h"

namespace sightline::api {

// What comes next: of all runs or those of a workflow (GET /api/v1/observability/forecast), and of
// one run that goes on (GET /api/v1/observability/traces/{trace_id}/remaining).
//
// Thread: any; calls block while the store reads. What it refers to must outlive it.
class ForecastApi {
 public:
  ForecastApi(std::chrono::nanoseconds query_timeout, store::SpanStore& store,
              const base::Clock& clock)
      : query_timeout_(query_timeout), store_(store), clock_(clock) {}

  net::HttpResponse Get(const net::HttpRequest& request) const;

  // 404 when the run is not known.
  net::HttpResponse Remaining(const net::HttpRequest& request) const;

 private:
  struct Question;

  base::Result<std::string> Json(const net::HttpRequest& request) const;
  base::Result<std::string> RemainingJson(const net::HttpRequest& request) const;
  static query::FactQuery RunsBy(std::int64_t step_ns, const Question& question);
  static void WriteSpending(const Question& question, const FactSeries& days,
                            base::JsonWriter& json);
  // By trace id or run id.
  base::Result<model::RunRecord> RunOf(const std::string& id) const;

  const std::chrono::nanoseconds query_timeout_;
  store::SpanStore& store_;
  const base::Clock& clock_;
};

}  // namespace sightline::api
