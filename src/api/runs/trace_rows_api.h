// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "api/runs/trace_loader.h"
#include "base/clock.h"
#include "base/loss.h"
#include "base/result.h"
#include "net/http.h"
#include "store/annotation_store.h"
#include "store/meta_store.h"
#include "store/store.h"

namespace sightline::api {

// The tree of a run without its bodies: what each span is, what it and those below it come to, what
// it was asked and answered in a few words, and how much of the run's time was spent waiting for
// it.
//
// Thread: any; calls block while the store reads. What it refers to must outlive it.
class TraceRowsApi {
 public:
  // Null `meta` leaves out scores, null `annotations` those.
  TraceRowsApi(const TraceLoader::Options& options, store::SpanStore& store,
               const store::MetaStore* meta, const store::AnnotationStore* annotations,
               const base::Clock& clock, base::LossTable& losses)
      : store_(store),
        meta_(meta),
        annotations_(annotations),
        losses_(losses),
        loader_(options, store, clock) {}

  net::HttpResponse Get(const net::HttpRequest& request) const;  // of {trace_id}

 private:
  base::Result<std::string> Json(const net::HttpRequest& request) const;

  store::SpanStore& store_;
  const store::MetaStore* meta_;
  const store::AnnotationStore* annotations_;
  base::LossTable& losses_;
  const TraceLoader loader_;
};

}  // namespace sightline::api
