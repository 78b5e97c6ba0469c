// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>

#include "api/cost_breakdown.h"
#include "api/span_document.h"
#include "api/span_logs.h"
#include "api/trace_loader.h"
#include "base/clock.h"
#include "base/json_writer.h"
#include "base/loss.h"
#include "base/result.h"
#include "live/live.h"
#include "model/ids.h"
#include "net/http.h"
#include "normalize/normalizer.h"
#include "store/store.h"

namespace sightline::api {

// GET /api/v1/observability/traces and the paths below it.
//
// Thread: any; calls block while the store reads. What it refers to must outlive it.
class TracesApi {
 public:
  struct Options {
    std::chrono::nanoseconds idle_limit = std::chrono::minutes(5);
    std::chrono::nanoseconds query_timeout = std::chrono::seconds(15);
  };

  // Null `live` leaves out what only live state knows, null `costs` how costs came about.
  TracesApi(const Options& options, store::SpanStore& store, const live::Live* live,
            const base::Clock& clock, base::LossTable& losses, const CostBreakdown* costs = nullptr)
      : store_(store),
        live_(live),
        losses_(losses),
        costs_(costs),
        loader_({.idle_limit = options.idle_limit, .query_timeout = options.query_timeout}, store,
                clock) {}

  net::HttpResponse List(const net::HttpRequest& request) const;     // /traces
  net::HttpResponse Get(const net::HttpRequest& request) const;      // /traces/{trace_id}
  net::HttpResponse GetSpan(const net::HttpRequest& request) const;  // .../spans/{span_id}

  // .../spans/{span_id}/content and .../logs/{log_id}/content, ?field=&key=, as text.
  net::HttpResponse GetSpanContent(const net::HttpRequest& request) const;
  net::HttpResponse GetLogContent(const net::HttpRequest& request) const;

 private:
  // The index of the span that the path names.
  static base::Result<std::size_t> FindSpan(const LoadedTrace& loaded,
                                            const net::HttpRequest& request);

  base::Result<query::TraceQuery> QueryOf(const net::HttpRequest& request) const;
  base::Result<Bodies> BodiesOf(std::string_view content) const;
  base::Result<void> WriteStepsOf(const model::TraceId& trace_id, base::JsonWriter& json) const;
  base::Result<Bodies> BodiesOf(const model::Span& span, const LogList& logs) const;
  base::Result<std::string> ListJson(const net::HttpRequest& request) const;
  void WriteSignsOf(const model::TraceId& trace_id, base::JsonWriter& json) const;
  base::Result<std::string> TraceJson(std::string_view id_text) const;
  base::Result<std::string> SpanJson(const net::HttpRequest& request) const;
  base::Result<std::string> SpanContent(const net::HttpRequest& request) const;
  base::Result<std::string> LogContent(const net::HttpRequest& request) const;

  store::SpanStore& store_;
  const live::Live* live_;
  base::LossTable& losses_;
  const CostBreakdown* costs_;
  const TraceLoader loader_;
  const normalize::Normalizer normalizer_;  // Explains which rule gave a field.
};

}  // namespace sightline::api
