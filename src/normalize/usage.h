// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "model/kinds.h"
#include "model/usage.h"
#include "normalize/dialect.h"
#include "normalize/slots.h"
#include "normalize/usage_json.h"

namespace sightline::normalize {

// How to read the counts of one emitter.
struct CountingRule {
  InputCounting input = InputCounting::kUnknown;
  bool thoughts_outside_output = false;  // Gemini: the output count leaves thoughts out.
  bool is_gemini = false;  // Its total is prompt + candidates + thoughts + tool-use prompt.
};

// Totals from wire counts. `provider` is canonical and may be "". What the counts prove comes
// before what an emitter is known for: a part that is larger than the whole is not inside it, and a
// total that is the sum of the whole and the part says the same. Only where the counts prove
// nothing does `rule` decide.
model::Usage ToUsage(const WireCounts& counts, const CountingRule& rule, std::string_view provider);

// Thread: value.
struct StatedUsage {
  model::Usage usage;
  model::UsageDetails details;
};

// The usage that the collected keys state; unknown everywhere if they state none. `spec` is the
// dialect of the span and may be null; provider and model may be "".
StatedUsage ReadUsage(const Slots& slots, const DialectSpec* spec, std::string_view provider,
                      std::string_view model);

}  // namespace sightline::normalize
