// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <vector>

#include "analytics/blame/recorded_run.h"
#include "api/runs/run_with_bodies.h"
#include "base/json_writer.h"

namespace sightline::api {

// What the agents of a run said and did, in order of start: an answer for each model call, a call
// and its result for each tool. `spans[i]` is the index of the span that step i is of.
struct RecordedTrace {
  analytics::blame::RecordedRun run;
  std::vector<std::size_t> spans;
};

RecordedTrace RecordTrace(const RunWithBodies& run);

// All messages of a run are read to find who is to blame; those of longer ones are too many.
inline constexpr std::size_t kMostBlamedSpans = 20'000;

// One object: which agent and step most likely made the failed run fail, with evidence, or why that
// is not known.
void WriteBlame(const RunWithBodies& run, base::JsonWriter& json);

}  // namespace sightline::api
