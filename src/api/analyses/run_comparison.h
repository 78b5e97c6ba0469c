// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "api/runs/run_with_bodies.h"
#include "base/json_writer.h"

namespace sightline::api {

// The fields of a comparison of two runs, inside an object that is open: their figures, every step
// of both side by side with what differs, and where they part. The first 3,000 steps of each are
// compared; `steps_left_out` counts the others.
void WriteRunComparison(const RunWithBodies& a, const RunWithBodies& b, base::JsonWriter& json);

}  // namespace sightline::api
