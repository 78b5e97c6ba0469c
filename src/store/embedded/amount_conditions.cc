// SPDX-License-Identifier: Apache-2.0
#include "store/embedded/amount_conditions.h"

#include <cstdint>
#include <optional>

#include <fmt/format.h>

namespace sightline::store::embedded {

std::vector<std::string> AmountConditions(const query::AmountFilter& amounts,
                                          const AmountColumns& columns) {
  std::vector<std::string> conditions;
  const auto add = [&](std::string_view column, std::string_view comparison,
                       const std::optional<std::int64_t>& bound) {
    if (bound) {
      // The least number has no literal: its minus is an operator.
      conditions.push_back(fmt::format("{} {} '{}'::BIGINT", column, comparison, *bound));
    }
  };
  add(columns.duration_ns, ">=", amounts.min_duration_ns);
  add(columns.duration_ns, "<=", amounts.max_duration_ns);
  if (amounts.min_cost || amounts.max_cost) {
    conditions.emplace_back(columns.has_cost);
  }
  add(columns.cost, ">=", amounts.min_cost);
  add(columns.cost, "<=", amounts.max_cost);
  add(columns.tokens, ">=", amounts.min_tokens);
  return conditions;
}

}  // namespace sightline::store::embedded
