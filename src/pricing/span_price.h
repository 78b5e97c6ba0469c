// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "model/span.h"
#include "pricing/price.h"

namespace sightline::pricing {

// Whether the price book says what the span cost: a model call with a known usage whose sender does
// not state its cost.
inline bool IsPricedByBook(const model::Span& span) {
  return model::IsModelCall(span.kind) && span.cost_status != model::CostStatus::kReported &&
         span.usage.is_known() && !span.has_mark(model::Mark::kNotACall);
}

// Precondition: IsPricedByBook(span).
inline Priced PriceSpan(const PriceBook& book, const model::Span& span) {
  return Price(
      book, span.provider, span.model(), span.usage, span.start_ns,
      {.details = span.usage_details, .service_tier = span.service_tier, .region = span.region});
}

}  // namespace sightline::pricing
