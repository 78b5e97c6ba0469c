// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>

#include "base/result.h"
#include "otlp/request.h"

namespace sightline::otlp {

// The three OTLP signals that are received.
enum class Signal : std::uint8_t { kTraces, kLogs, kMetrics };

// Walks the protobuf bytes of an Export<Signal>ServiceRequest in place and fills `request`, which
// is cleared first. The views in `request` point into `body`.
//
// Unknown fields are skipped, as protobuf asks. A field that occurs twice: the last one wins for
// scalars, sub-messages are merged (repeated ones appended).
// Errors: kInvalidArgument for anything that is not well-formed protobuf, and for bodies of so many
// empty elements that they would fill memory; `request` is then empty.
// Thread: any; the time is proportional to the size of the body.
base::Result<void> Decode(Signal signal, std::string_view body, Request& request);

}  // namespace sightline::otlp
