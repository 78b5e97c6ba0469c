// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>

#include "model/kinds.h"
#include "model/usage.h"
#include "normalize/dialect.h"
#include "normalize/slots.h"

namespace sightline::normalize {

// Token counts as they were on the wire; model::Usage::kUnknown where there was none.
//
// Thread: value.
struct WireCounts {
  std::int64_t input = model::Usage::kUnknown;
  std::int64_t output = model::Usage::kUnknown;
  std::int64_t cache_read = model::Usage::kUnknown;
  std::int64_t cache_write = model::Usage::kUnknown;
  std::int64_t reasoning = model::Usage::kUnknown;
  std::int64_t audio_in = model::Usage::kUnknown;
  std::int64_t audio_out = model::Usage::kUnknown;
  std::int64_t total = model::Usage::kUnknown;
};

// How to read the counts of one emitter.
struct CountingRule {
  InputCounting input = InputCounting::kUnknown;
  bool thoughts_outside_output = false;  // Gemini: the output count leaves thoughts out.
};

// Totals from wire counts. `provider` is canonical and may be "".
model::Usage ToUsage(const WireCounts& counts, const CountingRule& rule, std::string_view provider);

// The usage that the collected keys state; unknown everywhere if they state none. `spec` is the
// dialect of the span and may be null.
model::Usage ReadUsage(const Slots& slots, const DialectSpec* spec, std::string_view provider);

}  // namespace sightline::normalize
