// SPDX-License-Identifier: Apache-2.0
#include "api/sums/fact_figures.h"

#include "api/request/json_fields.h"
#include "model/run_status.h"
#include "model/saturating.h"

namespace sightline::api {

using query::FactSums;

SumsByName ByFirstKey(const store::FactAnswer& groups) {
  SumsByName sums;
  for (const query::FactGroup& group : groups) {
    sums[group.keys[0]].Add(group.sums);
  }
  return sums;
}

FactSums Total(const SumsByName& parts) {
  FactSums total;
  for (const auto& [key, sums] : parts) {
    total.Add(sums);
  }
  return total;
}

double Average(double sum, std::int64_t count) {
  return count <= 0 ? 0 : sum / static_cast<double>(count);
}

double Seconds(std::int64_t duration_ns) {
  return static_cast<double>(duration_ns) / 1e9;
}

std::int64_t TokensOf(const FactSums& sums) {
  return model::SaturatingAdd(sums.input_tokens, sums.output_tokens);
}

model::CostStatus CostStatusOf(std::int64_t calls, std::int64_t unpriced_calls,
                               std::int64_t picodollars) {
  if (unpriced_calls == 0) {
    return model::CostStatus::kPriced;
  }
  return unpriced_calls >= calls && picodollars == 0 ? model::CostStatus::kUnpriced
                                                     : model::CostStatus::kPartial;
}

model::CostStatus CostStatusOf(const FactSums& sums) {
  return CostStatusOf(sums.model_calls, sums.unpriced_calls, sums.cost_picodollars);
}

StatusSums::StatusSums(const store::FactAnswer& groups)
    : by_status(ByFirstKey(groups)), total(Total(by_status)) {}

FactSums StatusSums::completed() const {
  const auto found =
      by_status.find(std::string(model::RunStatusName(model::RunStatus::kCompleted)));
  return found == by_status.end() ? FactSums() : found->second;
}

double StatusSums::success_percent() const {
  return Percent(completed().count, total.count);
}

double StatusSums::average_seconds() const {
  return Average(completed().duration_seconds, completed().count);
}

}  // namespace sightline::api
