// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string_view>

#include "analytics/roll_up.h"
#include "analytics/trace_view.h"
#include "api/cost/cost_breakdown.h"
#include "api/runs/span_document.h"
#include "api/runs/span_logs.h"
#include "base/json_writer.h"
#include "base/loss.h"
#include "normalize/normalizer.h"

namespace sightline::api {

// `error_message`, cut if it is long.
void WriteErrorMessage(const model::Span& span, base::JsonWriter& json);

// What a span says of itself, inside an object that is open: no bodies, nothing that only the whole
// trace tells but the two arguments. `parent_missing`: a reason, or "".
void WriteSpanFacts(const model::Span& span, std::string_view parent_missing, model::RunStatus run,
                    base::JsonWriter& json);

// What rows and details share: everything but bodies, inside an object that is open.
void WriteSpanHead(const analytics::TraceView& view, std::size_t index, base::JsonWriter& json);

// `roll_up`: what a span and all below it come to.
void WriteRollUp(const analytics::RollUp& sums, base::JsonWriter& json);

// One whole span of a trace, with messages rebuilt; `logs` are the records that belong to it.
// `normalizer` explains which rule gave each field, `costs` how the cost came about; null leaves
// that out, for answers that hold many spans.
void WriteSpan(const analytics::TraceView& view, std::size_t index, const LogList& logs,
               const Bodies& bodies, base::LossTable& losses,
               const normalize::Normalizer* normalizer, const CostBreakdown* costs,
               base::JsonWriter& json);

}  // namespace sightline::api
