// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <optional>
#include <string_view>

#include "base/clock.h"
#include "base/result.h"
#include "live/live.h"
#include "live/run_snapshot.h"
#include "model/ids.h"
#include "store/store.h"

namespace sightline::api {

// Finds runs by execution id: in live state, else in the store.
//
// Thread: any; calls may block while the store reads. What it refers to must outlive it.
class RunLoader {
 public:
  struct Options {
    std::chrono::nanoseconds idle_limit = std::chrono::minutes(5);
    std::chrono::nanoseconds query_timeout = std::chrono::seconds(15);
  };

  RunLoader(const Options& options, const live::Live& live, store::SpanStore& store,
            const base::Clock& clock)
      : options_(options), live_(live), store_(store), clock_(clock) {}

  // kNotFound when there is no such run.
  base::Result<live::RunSnapshotPtr> Find(std::string_view execution_id) const;

  // The trace of a trace id in hex or of a run id.
  base::Result<model::TraceId> TraceIdOf(std::string_view execution_id) const;

 private:
  const Options options_;
  const live::Live& live_;
  store::SpanStore& store_;
  const base::Clock& clock_;
};

}  // namespace sightline::api
