// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string_view>

#include "base/arena.h"
#include "model/kinds.h"
#include "normalize/slots.h"
#include "otlp/request.h"

namespace sightline::normalize {

// Thread: value. Texts are views into the request or the arena and may not be UTF-8 yet.
struct ErrorFacts {
  bool has_error = false;
  std::string_view type;
  std::string_view message;
};

// Whether a span failed, and why. An exception event alone was handled: it does not fail the span.
// A tool whose own result says that it failed has failed, whatever the status of its span: if
// nothing names an error type, that is "tool_error", which no failed transport has. `pool` is what
// the events' ranges point into. Type and message are "" for spans that did not fail.
ErrorFacts ReadError(const Slots& slots, std::span<const otlp::SpanEvent> events,
                     std::span<const otlp::KeyValue> pool, model::StatusCode status,
                     std::string_view status_message, model::Dialect dialect, model::SpanKind kind,
                     base::Arena& arena);

}  // namespace sightline::normalize
