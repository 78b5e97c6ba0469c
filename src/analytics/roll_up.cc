// SPDX-License-Identifier: Apache-2.0
#include "analytics/roll_up.h"

#include <algorithm>
#include <cstddef>

#include "model/money.h"
#include "model/saturating.h"

namespace sightline::analytics {
namespace {

RollUp OwnOf(const TraceView& view, std::size_t i) {
  const model::Span& span = view.spans[i];
  RollUp own{.errors = span.has_error ? 1U : 0U};
  if (!view.counts_usage[i]) {
    return own;
  }
  const auto known = [](std::int64_t tokens) { return std::max<std::int64_t>(0, tokens); };
  own.model_calls = 1;
  own.tokens = model::SaturatingAdd(known(span.usage.input_total), known(span.usage.output_total));
  const bool is_unpriced = span.cost_status == model::CostStatus::kUnpriced ||
                           span.cost_status == model::CostStatus::kPartial;
  own.unpriced_calls = is_unpriced ? 1 : 0;
  if (span.cost_status != model::CostStatus::kNone &&
      span.cost_status != model::CostStatus::kUnpriced) {
    own.picodollars = span.cost.picodollars;
  }
  return own;
}

}  // namespace

void RollUp::Add(const RollUp& child) {
  descendants += child.descendants;
  errors += child.errors;
  model_calls += child.model_calls;
  unpriced_calls += child.unpriced_calls;
  tokens = model::SaturatingAdd(tokens, child.tokens);
  picodollars = model::SaturatingAdd(picodollars, child.picodollars);
}

std::vector<RollUp> RollUps(const TraceView& view) {
  const std::size_t count = view.spans.size();
  std::vector<RollUp> roll_ups(count);
  std::vector<std::size_t> waiting(count);  // Children that are not added yet.
  for (std::size_t i = 0; i < count; ++i) {
    roll_ups[i] = OwnOf(view, i);
    if (view.parents[i] != TraceView::kNone) {
      ++waiting[view.parents[i]];
    }
  }
  std::vector<std::size_t> ready;
  for (std::size_t i = 0; i < count; ++i) {
    if (waiting[i] == 0) {
      ready.push_back(i);
    }
  }
  while (!ready.empty()) {
    const std::size_t i = ready.back();
    ready.pop_back();
    const std::size_t parent = view.parents[i];
    if (parent == TraceView::kNone) {
      continue;
    }
    roll_ups[parent].Add(roll_ups[i]);
    ++roll_ups[parent].descendants;
    if (--waiting[parent] == 0) {
      ready.push_back(parent);
    }
  }
  return roll_ups;
}

}  // namespace sightline::analytics
