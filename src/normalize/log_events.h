// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string_view>

#include "base/arena.h"
#include "model/kinds.h"
#include "normalize/slots.h"

namespace sightline::normalize {

// What a log event stands for.
//
// Thread: value.
struct EventMeaning {
  std::string_view name;
  model::SpanKind kind = model::SpanKind::kOther;
  bool is_failure = false;      // The call failed, whatever the attributes say.
  bool is_point = false;        // A moment in the run, not a step.
  std::string_view operation;   // For the operation and the name of the span.
  std::string_view identity;    // Events of one call have the same.
  std::string_view event_kind;  // Only events with this `event.kind`; "" for all.
};

// The call or the prompt that the event stands for; empty for every other event. `name` has its
// prefix.
std::optional<EventMeaning> FindEvent(std::string_view name, const Slots& slots);

// The full name of an event that a record carries: from the record's own field, else the attribute,
// else a body that looks like one; with the emitter's prefix where the emitter leaves it out.
// `is_claude_code` tells whether the record comes from Claude Code. "" if it is not an event.
std::string_view EventName(std::string_view field, std::string_view attribute,
                           std::string_view body, bool is_claude_code, base::Arena& arena);

}  // namespace sightline::normalize
