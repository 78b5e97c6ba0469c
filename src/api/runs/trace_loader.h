// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <string_view>

#include "analytics/trace_view.h"
#include "api/runs/span_document.h"
#include "api/runs/span_logs.h"
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

  // One span of it: the view has no other. kNotFound when it is not in the trace.
  base::Result<LoadedTrace> LoadSpan(std::string_view id_text, std::string_view span_id_text) const;

  // Every body that spans and logs of the trace refer to.
  base::Result<Bodies> LoadBodies(const LoadedTrace& loaded) const;

  // Those of the spans from `first` to before `end`, or to the last, and of what was logged in
  // them.
  base::Result<Bodies> BodiesOfSpans(const LoadedTrace& loaded, std::size_t first,
                                     std::size_t end) const;

  // Those that may tell what the run was asked and answered: of its root and of its last steps.
  base::Result<Bodies> BodiesOfRun(const LoadedTrace& loaded) const;

  analytics::TraceView ViewOf(const store::Rows& rows) const;

  // For a read that begins now.
  store::SpanStore::Deadline Deadline() const;

 private:
  base::Result<LoadedTrace> LoadRows(std::string_view id_text) const;
  analytics::AssembleOptions OptionsFor(const model::Batch& rows) const;

  const Options options_;
  store::SpanStore& store_;
  const base::Clock& clock_;
};

}  // namespace sightline::api
