// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "demo/plan.h"
#include "otlp/encode.h"

namespace sightline::demo {

// A model call in the keys of the GenAI conventions, which several dialects share: what is known
// when it starts, and what its answer adds (nothing for a call that failed).
void AddGenAiRequest(const RunPlan& run, const ModelCall& call, otlp::SpanData& span);
void AddGenAiResponse(const ModelCall& call, otlp::SpanData& span);

}  // namespace sightline::demo
