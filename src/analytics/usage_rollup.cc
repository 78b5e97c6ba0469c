// SPDX-License-Identifier: Apache-2.0
#include "analytics/usage_rollup.h"

#include <string_view>
#include <unordered_map>

namespace sightline::analytics {
namespace {

bool HasUsage(const model::Span& span) {
  return span.usage.is_known() || (span.cost_status != model::CostStatus::kNone &&
                                   span.cost_status != model::CostStatus::kUnpriced);
}

bool IsCall(const model::Span& span) {
  return model::IsModelCall(span.kind) && HasUsage(span) && !span.has_mark(model::Mark::kNotACall);
}

bool SameModel(const model::Span& a, const model::Span& b) {
  return a.request_model.empty() || b.request_model.empty() || a.request_model == b.request_model ||
         a.model() == b.model();
}

// Two reports of one call: same model, same counts.
bool IsSameCall(const model::Span& a, const model::Span& b) {
  return SameModel(a, b) && a.usage.input_total == b.usage.input_total &&
         a.usage.output_total == b.usage.output_total;
}

std::size_t DepthOf(std::span<const std::size_t> parents, std::size_t index) {
  std::size_t depth = 0;
  for (std::size_t at = parents[index]; at != TraceView::kNone; at = parents[at]) {
    ++depth;
  }
  return depth;
}

// An outer call with the counts of an inner one is the same call seen by another instrumentation.
void DropOuterCalls(std::span<const model::Span> spans, std::span<const std::size_t> parents,
                    std::vector<bool>& counted) {
  for (std::size_t i = 0; i < spans.size(); ++i) {
    if (!IsCall(spans[i])) {
      continue;
    }
    for (std::size_t at = parents[i]; at != TraceView::kNone; at = parents[at]) {
      if (counted[at] && IsCall(spans[at]) && IsSameCall(spans[at], spans[i])) {
        counted[at] = false;
      }
    }
  }
}

// One span per response id: the innermost.
void DropRepeatedResponses(std::span<const model::Span> spans, std::span<const std::size_t> parents,
                           std::vector<bool>& counted) {
  std::unordered_map<std::string_view, std::size_t> by_response;
  for (std::size_t i = 0; i < spans.size(); ++i) {
    if (!counted[i] || spans[i].response_id.empty()) {
      continue;
    }
    const auto [it, is_new] = by_response.try_emplace(spans[i].response_id, i);
    if (is_new) {
      continue;
    }
    const bool is_inner = DepthOf(parents, i) > DepthOf(parents, it->second);
    counted[is_inner ? it->second : i] = false;
    if (is_inner) {
      it->second = i;
    }
  }
}

void Add(std::int64_t& sum, std::int64_t value) {
  if (value != model::Usage::kUnknown) {
    sum = (sum == model::Usage::kUnknown ? 0 : sum) + value;
  }
}

void AddUsage(model::Usage& sum, const model::Usage& usage) {
  Add(sum.input_total, usage.input_total);
  Add(sum.cache_read, usage.cache_read);
  Add(sum.cache_write, usage.cache_write);
  Add(sum.output_total, usage.output_total);
  Add(sum.reasoning, usage.reasoning);
  Add(sum.audio_in, usage.audio_in);
  Add(sum.audio_out, usage.audio_out);
  Add(sum.total, usage.total);
}

// The status of a sum: what is not known of a part is not known of the whole.
model::CostStatus Join(model::CostStatus sum, model::CostStatus part) {
  using enum model::CostStatus;
  if (sum == kNone || sum == part) {
    return part;
  }
  if (part == kNone) {
    return sum;
  }
  const bool is_incomplete =
      sum == kPartial || part == kPartial || sum == kUnpriced || part == kUnpriced;
  return is_incomplete ? kPartial : kPriced;
}

}  // namespace

std::vector<bool> ChooseCounted(std::span<const model::Span> spans,
                                std::span<const std::size_t> parents) {
  std::vector<bool> counted(spans.size(), false);
  std::vector<bool> has_usage_below(spans.size(), false);
  for (std::size_t i = 0; i < spans.size(); ++i) {
    counted[i] = IsCall(spans[i]);
    if (!HasUsage(spans[i])) {
      continue;
    }
    for (std::size_t at = parents[i]; at != TraceView::kNone && !has_usage_below[at];
         at = parents[at]) {
      has_usage_below[at] = true;
    }
  }
  DropOuterCalls(spans, parents, counted);
  DropRepeatedResponses(spans, parents, counted);
  for (std::size_t i = 0; i < spans.size(); ++i) {
    if (!model::IsModelCall(spans[i].kind) && HasUsage(spans[i]) && !has_usage_below[i] &&
        !spans[i].has_mark(model::Mark::kLifetimeUsage)) {
      counted[i] = true;
    }
  }
  return counted;
}

Totals SumCounted(std::span<const model::Span> spans, const std::vector<bool>& counted) {
  Totals totals;
  for (std::size_t i = 0; i < spans.size(); ++i) {
    if (!counted[i]) {
      continue;
    }
    const model::Span& span = spans[i];
    AddUsage(totals.usage, span.usage);
    totals.cost_status = Join(totals.cost_status, span.cost_status);
    if (span.cost_status != model::CostStatus::kNone &&
        span.cost_status != model::CostStatus::kUnpriced) {
      totals.cost_picodollars += span.cost.picodollars;
    }
    totals.model_calls += model::IsModelCall(span.kind) ? 1U : 0U;
  }
  return totals;
}

}  // namespace sightline::analytics
