// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>

#include "base/arena.h"
#include "ingest/lifecycle_event.h"
#include "ingest/lifecycle_state.h"
#include "otlp/request.h"

namespace sightline::ingest {

// Writes the OTLP request that stands for those of `events` whose decision is kStore; see
// lifecycle_event.h. `request` must be empty; its texts are views into the events, the starts in
// `decisions` and `arena`. Pure.
//
// What is not known when a finish comes without its start: its span begins when it ends and says so
// with kStartUnknownKey, unless the event states its duration.
void WriteRequest(std::span<const LifecycleEvent> events, std::span<const EventDecision> decisions,
                  base::Arena& arena, otlp::Request& request);

}  // namespace sightline::ingest
