// SPDX-License-Identifier: Apache-2.0
#include "api/runs/run_loader.h"

#include <memory>

#include <fmt/format.h>

#include "analytics/trace_view.h"
#include "api/live/live_json.h"
#include "api/request/query_deadline.h"

namespace sightline::api {

base::Result<model::TraceId> RunLoader::TraceIdOf(std::string_view execution_id) const {
  if (const auto trace_id = model::TraceId::FromHex(execution_id)) {
    return *trace_id;
  }
  if (const live::RunSnapshotPtr run = live_.FindRun(execution_id)) {
    return run->summary.trace_id;
  }
  return store_.FindRun(execution_id, DeadlineAfter(options_.query_timeout));
}

base::Result<live::RunSnapshotPtr> RunLoader::Find(std::string_view execution_id) const {
  if (live::RunSnapshotPtr run = live_.FindRun(execution_id)) {
    return run;
  }
  const model::TraceId trace_id = TRY(TraceIdOf(execution_id));
  const store::Rows rows = TRY(store_.FetchTrace(trace_id, DeadlineAfter(options_.query_timeout)));
  if (rows->spans.empty()) {
    return base::Error(base::Code::kNotFound,
                       fmt::format("execution {} is not known", execution_id));
  }
  const analytics::TraceView view =
      analytics::AssembleTrace(rows->spans, {.now_ns = clock_.NowNs(),
                                             .last_received_ns = rows->received_ns,
                                             .idle_limit_ns = options_.idle_limit.count()});
  return std::make_shared<const live::RunSnapshot>(SnapshotOf(view, rows->received_ns));
}

}  // namespace sightline::api
