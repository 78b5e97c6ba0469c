// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "api/analyses/run_comparison.h"
#include "api/runs/trace_loader.h"
#include "base/clock.h"
#include "base/result.h"
#include "net/http.h"
#include "store/meta_store.h"
#include "store/store.h"

namespace sightline::api {

// GET /api/v1/observability/compare: two runs step by step, or two baskets of runs by their
// figures. A basket is given by filters of the list of runs, scores included, as a query string.
//
// Thread: any; calls block while the store reads. What it refers to must outlive it.
class CompareApi {
 public:
  // `meta`, which may be null, has the scores.
  CompareApi(const TraceLoader::Options& options, store::SpanStore& store,
             const store::MetaStore* meta, const base::Clock& clock)
      : store_(store), meta_(meta), loader_(options, store, clock) {}

  net::HttpResponse Compare(const net::HttpRequest& request) const;

 private:
  base::Result<std::string> CompareJson(const net::HttpRequest& request) const;
  base::Result<std::string> RunsJson(std::string_view a, std::string_view b) const;
  base::Result<std::string> BasketsJson(std::string_view a, std::string_view b) const;

  store::SpanStore& store_;
  const store::MetaStore* const meta_;
  const TraceLoader loader_;
};

}  // namespace sightline::api
