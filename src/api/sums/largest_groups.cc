// SPDX-License-Identifier: Apache-2.0
#include "api/sums/largest_groups.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "base/check.h"
#include "model/saturating.h"

namespace sightline::api {
namespace {

using query::FactGroup;
using query::FactSums;

// As many names as can all be summed up at once; of each part no fewer are looked at.
constexpr std::size_t kFewNames = 1000;

// Sums of all groups of an answer.
FactSums TotalOf(const store::FactAnswer& groups) {
  FactSums total;
  for (const FactGroup& group : groups) {
    total.Add(group.sums);
  }
  return total;
}

void Subtract(FactSums& from, const FactSums& part) {
  const auto take = [](std::int64_t& sum, std::int64_t value) {
    sum = std::max<std::int64_t>(0, model::SaturatingSubtract(sum, value));
  };
  take(from.count, part.count);
  take(from.failed, part.failed);
  take(from.model_calls, part.model_calls);
  take(from.unpriced_calls, part.unpriced_calls);
  take(from.input_tokens, part.input_tokens);
  take(from.cache_read_tokens, part.cache_read_tokens);
  take(from.cache_write_tokens, part.cache_write_tokens);
  take(from.output_tokens, part.output_tokens);
  take(from.reasoning_tokens, part.reasoning_tokens);
  take(from.cost_picodollars, part.cost_picodollars);
  from.duration_seconds = std::max(0.0, from.duration_seconds - part.duration_seconds);
}

// Those with a name, the largest first.
std::vector<FactGroup> Named(store::FactAnswer groups, query::FactOrder order) {
  std::erase_if(groups, [](const FactGroup& group) {
    return group.keys.front().empty() || group.keys.front() == query::kMoreNames;
  });
  std::sort(groups.begin(), groups.end(),
            [order](const FactGroup& a, const FactGroup& b) { return IsLarger(a, b, order); });
  return groups;
}

}  // namespace

base::Result<LargestNames> FindLargest(store::SpanStore& store, const query::FactQuery& asked,
                                       std::size_t most, query::FactOrder order,
                                       store::SpanStore::Deadline deadline) {
  CHECK(asked.by.size() == 1);
  std::vector<query::FactQuery> queries(2, asked);
  queries[0].largest = std::max(kFewNames, 2 * most);
  queries[0].largest_by = order;
  queries[1].by.clear();
  std::vector<store::FactAnswer> answers = TRY(store.SumFacts(queries, deadline));
  const bool has_folded =
      std::any_of(answers[0].begin(), answers[0].end(),
                  [](const FactGroup& group) { return group.keys.front() == query::kMoreNames; });
  const bool has_all = !has_folded && TotalOf(answers[0]).count == TotalOf(answers[1]).count;
  const std::vector<FactGroup> groups = Named(std::move(answers[0]), order);
  LargestNames found{.names = {},
                     .is_all = has_all && groups.size() <= most,
                     .are_few = has_all && groups.size() <= kFewNames};
  for (std::size_t i = 0; i < std::min(most, groups.size()); ++i) {
    found.names.push_back(groups[i].keys.front());
  }
  return found;
}

base::Result<void> LimitToLargest(store::SpanStore& store, query::FactQuery& asked,
                                  std::size_t most, query::FactOrder order,
                                  store::SpanStore::Deadline deadline) {
  query::FactQuery counted = asked;
  counted.with_latency = false;
  counted.bucket_ns = 0;
  LargestNames largest = TRY(FindLargest(store, counted, most, order, deadline));
  if (largest.are_few) {
    return {};
  }
  largest.names.emplace_back();
  std::sort(largest.names.begin(), largest.names.end());
  asked.among = std::move(largest.names);
  return {};
}

base::Result<LargestGroups> SumLargest(store::SpanStore& store, const query::FactQuery& asked,
                                       std::size_t most, query::FactOrder order,
                                       store::SpanStore::Deadline deadline) {
  LargestNames largest = TRY(FindLargest(store, asked, most, order, deadline));
  if (largest.is_all) {
    std::vector<store::FactAnswer> answers = TRY(store.SumFacts({&asked, 1}, deadline));
    return LargestGroups{.groups = Named(std::move(answers[0]), order), .others = {}};
  }
  std::sort(largest.names.begin(), largest.names.end());
  // These, and beside them all that has a name and all that has none.
  std::vector<query::FactQuery> queries(3, asked);
  queries[0].among = std::move(largest.names);
  queries[1].by.clear();
  queries[2].by.clear();
  std::optional<std::string>& nameless = queries[2].filter(asked.by.front());
  const bool is_of_one = nameless.has_value();
  nameless = "";
  std::vector<store::FactAnswer> answers = TRY(store.SumFacts(queries, deadline));
  LargestGroups found{.groups = Named(std::move(answers[0]), order), .others = TotalOf(answers[1])};
  if (!is_of_one) {
    Subtract(found.others, TotalOf(answers[2]));
  }
  for (const FactGroup& group : found.groups) {
    Subtract(found.others, group.sums);
  }
  return found;
}

}  // namespace sightline::api
