// SPDX-License-Identifier: Apache-2.0
#include "api/runs/known_workflow.h"

#include <fmt/format.h>

namespace sightline::api {

base::Result<void> ExpectWorkflow(store::SpanStore& store, const std::string& workflow_id,
                                  store::SpanStore::Deadline deadline) {
  const store::RunPage any =
      TRY(store.ListRuns({.workflow_id = workflow_id, .limit = 1}, deadline));
  if (any.runs.empty()) {
    return base::Error(base::Code::kNotFound, fmt::format("workflow {} is not known", workflow_id));
  }
  return {};
}

}  // namespace sightline::api
