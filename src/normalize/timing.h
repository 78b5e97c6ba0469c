// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "base/loss.h"
#include "model/kinds.h"
#include "model/span.h"
#include "normalize/slots.h"
#include "otlp/request.h"

namespace sightline::normalize {

// How long the first token took, in nanoseconds from the span's start: from the attributes in their
// own units, else from streaming events. `pool` is what the events' ranges point into.
std::optional<std::int64_t> ReadTimeToFirstToken(const Slots& slots,
                                                 std::span<const otlp::SpanEvent> events,
                                                 std::span<const otlp::KeyValue> pool,
                                                 model::Dialect dialect, std::int64_t start_ns);

// Nanoseconds of a time value; empty if it is negative or does not fit.
std::optional<std::int64_t> ReadDuration(const otlp::Value& value, Form form);

// Wire times are unsigned; what does not fit becomes the largest time there is.
std::int64_t ToTimeNs(std::uint64_t time_ns);

// Marks times that cannot be true and counts them: before 2000, more than a day after `now_ns`, end
// before start, longer than a year. `losses` may be null.
void CheckTimes(std::int64_t now_ns, base::LossTable* losses, model::Span& span);

}  // namespace sightline::normalize
