// SPDX-License-Identifier: Apache-2.0
#include "query/fact_query.h"

#include <algorithm>

#include "model/kinds.h"
#include "model/name_set.h"
#include "model/run_status.h"
#include "model/saturating.h"

namespace sightline::query {
namespace {

constexpr double kNsPerSecond = 1e9;

void AddTo(std::int64_t& sum, std::int64_t value, std::int64_t sign) {
  sum = sign > 0 ? model::SaturatingAdd(sum, value) : model::SaturatingSubtract(sum, value);
}

bool IsValue(std::string_view wanted, std::string_view text, FactKey key) {
  return IsSet(key) && !wanted.empty() ? model::IsInSet(text, wanted) : text == wanted;
}

}  // namespace

void FactSums::Add(const model::Fact& fact) {
  const std::int64_t sign = fact.sign;
  count += sign;
  failed += fact.has_failed ? sign : 0;
  model_calls += sign * fact.model_calls;
  unpriced_calls += sign * fact.unpriced_calls;
  AddTo(input_tokens, fact.input_tokens, sign);
  AddTo(cache_read_tokens, fact.cache_read_tokens, sign);
  AddTo(cache_write_tokens, fact.cache_write_tokens, sign);
  AddTo(output_tokens, fact.output_tokens, sign);
  AddTo(reasoning_tokens, fact.reasoning_tokens, sign);
  AddTo(cost_picodollars, fact.cost_picodollars, sign);
  duration_seconds +=
      static_cast<double>(sign) * static_cast<double>(fact.duration_ns) / kNsPerSecond;
}

void FactSums::Add(const FactSums& other) {
  count += other.count;
  failed += other.failed;
  model_calls += other.model_calls;
  unpriced_calls += other.unpriced_calls;
  AddTo(input_tokens, other.input_tokens, 1);
  AddTo(cache_read_tokens, other.cache_read_tokens, 1);
  AddTo(cache_write_tokens, other.cache_write_tokens, 1);
  AddTo(output_tokens, other.output_tokens, 1);
  AddTo(reasoning_tokens, other.reasoning_tokens, 1);
  AddTo(cost_picodollars, other.cost_picodollars, 1);
  duration_seconds += other.duration_seconds;
}

void FactGroup::AddTimes(std::int64_t first_ns, std::int64_t last_ns) {
  first_start_ns = std::min(first_start_ns, first_ns);
  last_start_ns = std::max(last_start_ns, last_ns);
}

void FactGroup::Merge(const FactGroup& other) {
  sums.Add(other.sums);
  latency.Merge(other.latency);
  AddTimes(other.first_start_ns, other.last_start_ns);
}

bool IsLarger(const FactGroup& a, const FactGroup& b, FactOrder order) {
  const auto size = [order](const FactGroup& group) {
    switch (order) {
      case FactOrder::kCost:
        return group.sums.cost_picodollars;
      case FactOrder::kNewest:
        return group.last_start_ns;
      case FactOrder::kCount:
        break;
    }
    return group.sums.count;
  };
  const std::int64_t left = size(a);
  const std::int64_t right = size(b);
  return left != right ? left > right : a.keys < b.keys;
}

bool HasKnownCost(const model::Fact& fact) {
  return fact.unpriced_calls == 0 || fact.cost_picodollars > 0;
}

std::int64_t TokensOf(const model::Fact& fact) {
  return model::SaturatingAdd(fact.input_tokens, fact.output_tokens);
}

std::string_view KeyOf(const model::FactTable& table, const model::Fact& fact, FactKey key) {
  switch (key) {
    case FactKey::kWorkflow:
      return table.TextOf(fact.workflow);
    case FactKey::kAgent:
      return table.TextOf(fact.agent);
    case FactKey::kName:
      return table.TextOf(fact.name);
    case FactKey::kModel:
      return table.TextOf(fact.model);
    case FactKey::kService:
      return table.TextOf(fact.service);
    case FactKey::kErrorType:
      return table.TextOf(fact.error_type);
    case FactKey::kSession:
      return table.TextOf(fact.session);
    case FactKey::kUser:
      return table.TextOf(fact.user);
    case FactKey::kKind:
      return fact.kind == model::Fact::kRun
                 ? "run"
                 : model::SpanKindName(static_cast<model::SpanKind>(fact.kind));
    case FactKey::kStatus:
      return model::RunStatusName(static_cast<model::RunStatus>(fact.status));
    case FactKey::kVersion:
      return table.TextOf(fact.version);
    case FactKey::kEnvironment:
      return table.TextOf(fact.environment);
    case FactKey::kTag:
      return table.TextOf(fact.tags);
    case FactKey::kPromptVersion:
      return table.TextOf(fact.prompts);
  }
  return {};
}

bool Matches(const FactQuery& query, const model::FactTable& table, const model::Fact& fact) {
  if ((fact.kind == model::Fact::kRun) != query.of_runs || fact.start_ns < query.start_time_ns ||
      fact.start_ns >= query.end_time_ns) {
    return false;
  }
  for (std::size_t i = 0; i < kFactKeys; ++i) {
    const auto key = static_cast<FactKey>(i);
    if (query.equals[i] && !IsValue(*query.equals[i], KeyOf(table, fact, key), key)) {
      return false;
    }
  }
  const auto cost = HasKnownCost(fact) ? std::optional(fact.cost_picodollars) : std::nullopt;
  if (!query.amounts.Matches(fact.duration_ns, cost, TokensOf(fact))) {
    return false;
  }
  if (query.among_runs != nullptr &&
      !std::binary_search(query.among_runs->begin(), query.among_runs->end(), fact.trace_id)) {
    return false;
  }
  return !query.among || std::binary_search(query.among->begin(), query.among->end(),
                                            KeyOf(table, fact, query.by.front()));
}

std::int64_t TimeOf(const FactQuery& query, std::int64_t start_ns) {
  if (query.bucket_ns == 0) {
    return 0;
  }
  const std::int64_t since =
      std::clamp(start_ns, -kMostTimeNs, kMostTimeNs) - query.bucket_offset_ns;
  const std::int64_t beyond = (since % query.bucket_ns + query.bucket_ns) % query.bucket_ns;
  return since - beyond + query.bucket_offset_ns;
}

}  // namespace sightline::query
