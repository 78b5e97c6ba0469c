// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "model/span.h"

namespace sightline::model {

// How a span, and with its root span a run, came out. Stored on disk: append only.
enum class Outcome : std::uint8_t { kCompleted = 0, kFailed = 1, kCancelled = 2 };

// Cancelled when the error type says that somebody stopped it.
Outcome OutcomeOf(const Span& span);

}  // namespace sightline::model
