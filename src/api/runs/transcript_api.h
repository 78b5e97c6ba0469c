// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "api/runs/trace_loader.h"
#include "base/clock.h"
#include "base/loss.h"
#include "base/result.h"
#include "net/http.h"
#include "store/store.h"

namespace sightline::api {

// A run as a conversation, a page of entries at a time: what each agent was asked, what was new in
// each model call, which tools were called and what they gave back.
//
// Thread: any; calls block while the store reads. What it refers to must outlive it.
class TranscriptApi {
 public:
  TranscriptApi(const TraceLoader::Options& options, store::SpanStore& store,
                const base::Clock& clock, base::LossTable& losses)
      : store_(store), losses_(losses), loader_(options, store, clock) {}

  net::HttpResponse Get(const net::HttpRequest& request) const;  // of {trace_id}

 private:
  base::Result<std::string> Json(const net::HttpRequest& request) const;

  store::SpanStore& store_;
  base::LossTable& losses_;
  const TraceLoader loader_;
};

}  // namespace sightline::api
