// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "api/runs/trace_loader.h"
#include "base/clock.h"
#include "base/result.h"
#include "net/http.h"
#include "store/meta_store.h"
#include "store/store.h"

namespace sightline::api {

// GET /api/v1/observability/differences: what some of many runs have in common that the others have
// not. Both are given by filters of the list of runs, scores included, as query strings.
//
// Thread: any; calls block while the store reads. What it refers to must outlive it.
class DifferencesApi {
 public:
  // `meta`, which may be null, has the scores.
  DifferencesApi(const TraceLoader::Options& options, store::SpanStore& store,
                 const store::MetaStore* meta, const base::Clock& clock)
      : store_(store), meta_(meta), loader_(options, store, clock) {}

  net::HttpResponse Find(const net::HttpRequest& request) const;

 private:
  base::Result<std::string> FindJson(const net::HttpRequest& request) const;

  store::SpanStore& store_;
  const store::MetaStore* const meta_;
  const TraceLoader loader_;
};

}  // namespace sightline::api
