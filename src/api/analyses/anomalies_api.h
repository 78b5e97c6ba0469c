// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "api/analyses/anomaly_finder.h"
#include "base/clock.h"
#include "base/result.h"
#include "net/http.h"
#include "query/fact_query.h"
#include "store/store.h"

namespace sightline::api {

// GET /api/v1/observability/anomalies: hours in which workflows, agents or models behaved unlike
// before, from hourly sums of facts.
//
// Thread: any; calls block while the store reads. What it refers to must outlive it.
class AnomaliesApi {
 public:
  AnomaliesApi(std::chrono::nanoseconds query_timeout, store::SpanStore& store,
               const base::Clock& clock)
      : query_timeout_(query_timeout), store_(store), clock_(clock) {}

  net::HttpResponse List(const net::HttpRequest& request) const;

 private:
  struct Question;

  // Those with the most events; the others are skipped, counted.
  struct Subjects {
    std::vector<AnomalySubject> kept;
    std::size_t skipped = 0;
  };

  base::Result<std::string> Json(const net::HttpRequest& request) const;
  base::Result<Subjects> SubjectsOf(const Question& question) const;
  base::Result<void> AddSubjects(const Question& question, SubjectKind kind,
                                 Subjects& subjects) const;

  const std::chrono::nanoseconds query_timeout_;
  store::SpanStore& store_;
  const base::Clock& clock_;
};

}  // namespace sightline::api
