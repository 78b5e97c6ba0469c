// SPDX-License-Identifier: Apache-2.0
#include "store/embedded/run_conditions.h"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <optional>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "model/name_set.h"
#include "store/embedded/amount_conditions.h"

namespace sightline::store::embedded {
namespace {

// Some member of a set column equals `value`.
void AddMember(std::string_view column, std::string_view value, Conditions& conditions) {
  conditions.AddText(fmt::format("contains({}, ?)", column), model::InSet(value));
}

void AddTexts(const query::TraceQuery& query, Conditions& conditions) {
  const auto add = [&](const std::optional<std::string>& value, std::string_view condition) {
    if (value) {
      conditions.AddText(std::string(condition), *value);
    }
  };
  add(query.workflow_id, "workflow_id = ?");
  add(query.session_id, "session_id = ?");
  add(query.user_id, "user_id = ?");
  add(query.version, "version = ?");
  add(query.environment, "environment = ?");
  if (query.execution_id) {
    const auto id = model::TraceId::FromHex(*query.execution_id);
    conditions.AddText(id ? "(run_id = ? OR trace_id = ?)" : "run_id = ?", *query.execution_id);
    if (id) {
      conditions.AddParam(Param::Id(id->view()));
    }
  }
  if (query.agent) {
    AddMember("agents", *query.agent, conditions);
  }
  if (query.model) {
    AddMember("models", *query.model, conditions);
  }
  if (query.service) {
    AddMember("services", *query.service, conditions);
  }
  if (query.tag) {
    AddMember("tags", *query.tag, conditions);
  }
  if (query.prompt_version) {
    AddMember("prompt_versions", *query.prompt_version, conditions);
  }
}

// Of RunRecord, as model::DurationNs computes it.
constexpr std::string_view kDuration =
    "least(greatest(end_ns::HUGEINT - start_ns, 0), 9223372036854775807)";

std::string IsPriced() {
  return fmt::format("cost_status NOT IN ({}, {})", static_cast<int>(model::CostStatus::kNone),
                     static_cast<int>(model::CostStatus::kUnpriced));
}

}  // namespace

std::string RunSortKey(const query::RunSort& sort) {
  const std::int64_t unknown =
      sort.is_ascending ? std::numeric_limits<std::int64_t>::max() : std::int64_t{-1};
  switch (sort.by) {
    case query::RunOrder::kStart:
      return "start_ns";
    case query::RunOrder::kDuration:
      return std::string(kDuration);
    case query::RunOrder::kCost:
      return fmt::format("(CASE WHEN {} THEN cost_picodollars ELSE {} END)", IsPriced(), unknown);
    case query::RunOrder::kTokens:
      return fmt::format("(CASE WHEN total_tokens <> {} THEN total_tokens ELSE {} END)",
                         model::Usage::kUnknown, unknown);
    case query::RunOrder::kErrors:
      break;
  }
  return "error_count";
}

Conditions RunConditions(const query::TraceQuery& query) {
  const std::string is_priced = IsPriced();
  Conditions conditions;
  AddTexts(query, conditions);
  if (query.status) {
    conditions.AddNumber("status = ?", static_cast<std::int64_t>(*query.status));
  }
  if (query.has_error) {
    conditions.Add(*query.has_error ? "error_count > 0" : "error_count = 0");
  }
  if (query.amounts.min_duration_ns) {
    // True wherever the amount's own condition is, which is ten times as slow; cannot overflow.
    conditions.AddNumber("greatest(end_ns, 0) - ? >= start_ns",
                         std::max<std::int64_t>(0, *query.amounts.min_duration_ns));
  }
  for (std::string& condition : AmountConditions(query.amounts, {.duration_ns = kDuration,
                                                                 .has_cost = is_priced,
                                                                 .cost = "cost_picodollars",
                                                                 .tokens = "total_tokens"})) {
    conditions.Add(std::move(condition));
  }
  if (query.start_time_ns) {
    conditions.AddNumber("start_ns >= ?", *query.start_time_ns);
  }
  if (query.end_time_ns) {
    conditions.AddNumber("start_ns < ?", *query.end_time_ns);
  }
  return conditions;
}

void AddRunCursor(const query::RunSort& sort, const query::TraceCursor& cursor,
                  Conditions& conditions) {
  const std::string key = RunSortKey(sort);
  const char past = sort.is_ascending ? '>' : '<';
  conditions.AddNumber(fmt::format("({0} {1} ? OR ({0} = ? AND trace_id {1} ?))", key, past),
                       cursor.key);
  conditions.AddParam(Param::Integer(cursor.key));
  conditions.AddParam(Param::Id(cursor.trace_id.view()));
}

}  // namespace sightline::store::embedded
