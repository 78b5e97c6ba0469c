// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>

#include "analytics/bottlenecks/profiled_run.h"
#include "api/runs/trace_loader.h"
#include "base/json_writer.h"
#include "base/result.h"
#include "query/trace_query.h"
#include "store/store.h"

namespace sightline::api {

// How much of the runs that match was read.
struct SampleSize {
  std::size_t runs = 0;   // That were read: the newest ones.
  std::size_t spans = 0;  // Of these.
  std::size_t known = 0;  // That match; there may be more when `has_more`.
  bool has_more = false;
  std::size_t going_on = 0;  // Read and left out, because they have not ended.

  // `sample`: {runs, spans, matching, has_more, going_on}.
  void Write(base::JsonWriter& json) const;
};

// A sample is so many runs unless it is asked for otherwise, and reading stops at so many spans.
inline constexpr std::size_t kSampleRuns = 50;
inline constexpr std::size_t kMostSampleRuns = 500;
inline constexpr std::size_t kMostSampleSpans = 200'000;

// What a visitor gets of a run: its rows and view as long as the call lasts.
using VisitRun = std::function<base::Result<void>(
    const store::Rows& rows, const analytics::TraceView& view, const analytics::ProfiledRun& run)>;

// Reads the newest runs that match, at most `most_runs`, and visits those that have ended, newest
// first.
base::Result<SampleSize> VisitSample(store::SpanStore& store, const TraceLoader& loader,
                                     const query::TraceQuery& query, std::size_t most_runs,
                                     const VisitRun& visit);

}  // namespace sightline::api
