// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_set>

#include "api/cost/cost_breakdown.h"
#include "api/runs/span_document.h"
#include "api/runs/span_logs.h"
#include "api/runs/trace_loader.h"
#include "base/clock.h"
#include "base/json_writer.h"
#include "base/loss.h"
#include "base/result.h"
#include "live/live.h"
#include "model/ids.h"
#include "net/http.h"
#include "normalize/normalizer.h"
#include "store/annotation_store.h"
#include "store/meta_store.h"
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

  // Null `live` leaves out what only live state knows, null `costs` how costs came about, null
  // `meta` scores, null `annotations` those.
  TracesApi(const Options& options, store::SpanStore& store, const live::Live* live,
            const base::Clock& clock, base::LossTable& losses, const CostBreakdown* costs = nullptr,
            const store::MetaStore* meta = nullptr,
            const store::AnnotationStore* annotations = nullptr)
      : store_(store),
        live_(live),
        losses_(losses),
        costs_(costs),
        meta_(meta),
        annotations_(annotations),
        loader_({.idle_limit = options.idle_limit, .query_timeout = options.query_timeout}, store,
                clock) {}

  net::HttpResponse List(const net::HttpRequest& request) const;     // /traces
  net::HttpResponse Get(const net::HttpRequest& request) const;      // /traces/{trace_id}
  net::HttpResponse GetSpan(const net::HttpRequest& request) const;  // .../spans/{span_id}

  // .../spans/{span_id}/content and .../logs/{log_id}/content, ?field=&key=, as text.
  net::HttpResponse GetSpanContent(const net::HttpRequest& request) const;
  net::HttpResponse GetLogContent(const net::HttpRequest& request) const;

 private:
  using BodyIds = std::unordered_set<std::uint64_t>;

  base::Result<query::TraceQuery> QueryOf(const net::HttpRequest& request) const;
  base::Result<Bodies> BodiesOf(const BodyIds& ids) const;
  base::Result<void> WriteStepsOf(const model::TraceId& trace_id, base::JsonWriter& json) const;
  base::Result<Bodies> BodiesOf(const model::Span& span, const LogList& logs) const;
  base::Result<void> WriteSpansOf(const LoadedTrace& loaded, base::JsonWriter& json) const;
  base::Result<void> WriteLogsOf(const LoadedTrace& loaded, base::JsonWriter& json) const;
  base::Result<std::string> ListJson(const net::HttpRequest& request) const;
  base::Result<store::RunPage> PageOf(const net::HttpRequest& request,
                                      const query::TraceQuery& query) const;
  void WriteSignsOf(const model::TraceId& trace_id, base::JsonWriter& json) const;
  base::Result<std::string> TraceJson(std::string_view id_text) const;
  base::Result<std::string> SpanJson(const net::HttpRequest& request) const;
  base::Result<std::string> SpanContent(const net::HttpRequest& request) const;
  base::Result<std::string> LogContent(const net::HttpRequest& request) const;

  store::SpanStore& store_;
  const live::Live* live_;
  base::LossTable& losses_;
  const CostBreakdown* costs_;
  const store::MetaStore* meta_;
  const store::AnnotationStore* annotations_;
  const TraceLoader loader_;
  const normalize::Normalizer normalizer_;  // Explains which rule gave a field.
};

}  // namespace sightline::api
