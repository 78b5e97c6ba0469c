// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <limits>
#include <string_view>

#include "api/runs/span_document.h"
#include "api/runs/trace_loader.h"
#include "base/result.h"

namespace sightline::api {

// A run with the bodies of its messages.
struct RunWithBodies {
  LoadedTrace trace;
  Bodies bodies;
};

// By trace id or execution id. Errors: kNotFound; kResourceExhausted when it has more spans than
// `most_spans`; those of the store. Blocks while the store reads.
base::Result<RunWithBodies> LoadWithBodies(
    const TraceLoader& loader, std::string_view id,
    std::size_t most_spans = std::numeric_limits<std::size_t>::max());

}  // namespace sightline::api
