// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <string_view>

#include "analytics/trace_view.h"
#include "api/span_document.h"
#include "api/span_logs.h"
#include "base/clock.h"
#include "base/result.h"
#include "store/store.h"

namespace sightline::api {

// A trace with its rows: view and logs point into them. Never without spans.
//
// Thread: value.
struct LoadedTrace {
  store::Rows rows;
  analytics::TraceView view;
  SpanLogs logs;
};

// Reads whole traces by trace id or execution id.
//
// Thread: any; calls block while the store reads. What it refers to must outlive it.
class TraceLoader {
 public:
  struct Options {
    std::chrono::nanoseconds idle_limit = std::chrono::minutes(5);
    std::chrono::nanoseconds query_timeout = std::chrono::seconds(15);
  };

  TraceLoader(const Options& options, store::SpanStore& store, const base::Clock& clock)
      : options_(options), store_(store), clock_(clock) {}

  // By trace id, else by execution id, which may look like a trace id. kNotFound when there is no
  // such trace; never without spans.
  base::Result<store::Rows> RowsOf(std::string_view id_text) const;
  base::Result<LoadedTrace> Load(std::string_view id_text) const;

  // Every body that spans and logs of the trace refer to.
  base::Result<Bodies> LoadBodies(const LoadedTrace& loaded) const;

  analytics::TraceView ViewOf(const store::Rows& rows) const;

  // For a read that begins now.
  store::SpanStore::Deadline Deadline() const;

 private:
  const Options options_;
  store::SpanStore& store_;
  const base::Clock& clock_;
};

}  // namespace sightline::api
