// SPDX-License-Identifier: Apache-2.0
#include "api/runs/run_with_bodies.h"

#include <fmt/format.h>

namespace sightline::api {

base::Result<RunWithBodies> LoadWithBodies(const TraceLoader& loader, std::string_view id,
                                           std::size_t most_spans) {
  RunWithBodies run{.trace = TRY(loader.Load(id)), .bodies = {}};
  const std::size_t spans = run.trace.view.spans.size();
  if (spans > most_spans) {
    return base::Error(
        base::Code::kResourceExhausted,
        fmt::format("the run has {} spans: at most {} are looked at", spans, most_spans));
  }
  run.bodies = TRY(loader.LoadBodies(run.trace));
  return run;
}

}  // namespace sightline::api
