// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "model/outcome.h"
#include "model/span.h"
#include "pricing/price.h"

namespace sightline::pricing {

// A model call that was made and of whose usage nothing is stated: what it cost is not known.
inline bool IsSilentCall(const model::Span& span) {
  return model::IsModelCall(span.kind) && !span.usage.is_known() && !span.has_error &&
         !span.has_mark(model::Mark::kPlaceholder) && !span.has_mark(model::Mark::kIsLogLike) &&
         model::OutcomeOf(span) == model::Outcome::kCompleted;
}

// Whether the book says what the span cost, or that it is not known: a model call with a known
// usage or one that is silent about it, or a call of a tool that has ended, whose sender does not
// state its cost.
inline bool IsPricedByBook(const model::Span& span) {
  if (span.cost_status == model::CostStatus::kReported || span.has_mark(model::Mark::kNotACall)) {
    return false;
  }
  if (span.kind == model::SpanKind::kTool) {
    return !span.tool_name.empty() && !span.has_mark(model::Mark::kPlaceholder) &&
           !span.has_mark(model::Mark::kIsLogLike);
  }
  return (model::IsModelCall(span.kind) && span.usage.is_known()) || IsSilentCall(span);
}

// Precondition: IsPricedByBook(span).
inline Priced PriceSpan(const PriceBook& book, const model::Span& span) {
  if (span.kind == model::SpanKind::kTool) {
    return PriceTool(book, span.tool_name, span.start_ns);
  }
  return Price(
      book, span.provider, span.model(), span.usage, span.start_ns,
      {.details = span.usage_details, .service_tier = span.service_tier, .region = span.region});
}

// The same at the rule that the span was priced by; `tuning` as PriceBook::FindModel says.
inline Priced PriceSpanAt(const PriceRule& rule, model::Tuning tuning, const model::Span& span,
                          std::vector<CostLine>* lines) {
  if (span.kind == model::SpanKind::kTool) {
    return PriceToolAt(rule, lines);
  }
  return PriceAt(
      rule, tuning, span.usage,
      {.details = span.usage_details, .service_tier = span.service_tier, .region = span.region},
      lines);
}

}  // namespace sightline::pricing
