// SPDX-License-Identifier: Apache-2.0
#include "store/embedded/fact_tables.h"

#include <array>
#include <cstddef>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "model/kinds.h"
#include "model/name_set.h"
#include "model/run_status.h"
#include "store/embedded/amount_conditions.h"

namespace sightline::store::embedded {
namespace {

using query::FactKey;

constexpr std::array<FactKeyColumn, query::kFactKeys> kKeyColumns = {{
    {FactKey::kWorkflow, "workflow", true},
    {FactKey::kAgent, "agent", true},
    {FactKey::kName, "name", true},
    {FactKey::kModel, "model", true},
    {FactKey::kService, "service", true},
    {FactKey::kErrorType, "error_type", true},
    {FactKey::kSession, "session", true},
    {FactKey::kUser, "user_id", true},
    {FactKey::kKind, "kind", false},
    {FactKey::kStatus, "status", false},
    {FactKey::kVersion, "version", true},
    {FactKey::kEnvironment, "environment", true},
    {FactKey::kTag, "tags", true},
    {FactKey::kPromptVersion, "prompts", true},
}};

// As they were added: what is taken back is stored with the other sign.
constexpr AmountColumns kAmounts = {
    .duration_ns = "duration_ns",
    .has_cost = "(unpriced_calls = 0 OR cost_picodollars * sign > 0)",
    .cost = "cost_picodollars * sign",
    .tokens = "least((input_tokens::HUGEINT + output_tokens) * sign, 9223372036854775807)"};

// The number of a name of a kind or status; 254, which is neither, when there is none.
std::int64_t NumberOf(FactKey key, const std::string& name) {
  constexpr std::int64_t kNone = 254;
  if (key == FactKey::kKind) {
    const auto kind = model::ParseSpanKind(name);
    return kind ? static_cast<std::int64_t>(*kind) : kNone;
  }
  const auto status = model::ParseRunStatus(name);
  return status ? static_cast<std::int64_t>(*status) : kNone;
}

}  // namespace

const FactKeyColumn& FactColumnOf(FactKey key) {
  return kKeyColumns[static_cast<std::size_t>(key)];
}

std::string FactNameOf(FactKey key, std::uint8_t number) {
  if (key == FactKey::kStatus) {
    return std::string(model::RunStatusName(static_cast<model::RunStatus>(number)));
  }
  return std::string(number == model::Fact::kRun
                         ? "run"
                         : model::SpanKindName(static_cast<model::SpanKind>(number)));
}

base::Result<std::vector<std::optional<std::string>>> FactConditions(Connection& connection,
                                                                     const query::FactQuery& query,
                                                                     std::span<const DayPtr> days) {
  std::string fixed;
  std::vector<const FactKeyColumn*> texts;  // Whose numbers are to be looked up.
  for (const FactKeyColumn& column : kKeyColumns) {
    const std::optional<std::string>& wanted = query.filter(column.key);
    if (!wanted) {
      continue;
    }
    if (!column.is_text) {
      fixed += fmt::format(" AND {} = {}", column.column, NumberOf(column.key, *wanted));
    } else if (wanted->empty()) {
      fixed += fmt::format(" AND {} = 0", column.column);
    } else {
      texts.push_back(&column);
    }
  }
  for (const std::string& condition : AmountConditions(query.amounts, kAmounts)) {
    fixed += " AND " + condition;
  }
  if (query.among_runs != nullptr) {
    fixed += " AND trace_id IN (SELECT id FROM among_runs)";
  }
  std::vector<std::optional<std::string>> conditions(days.size(), fixed);
  std::string statement;
  std::vector<Param> params;
  for (std::size_t day = 0; day < days.size(); ++day) {
    for (std::size_t text = 0; text < texts.size(); ++text) {
      const FactKey key = texts[text]->key;
      const std::string& wanted = *query.filter(key);
      statement += fmt::format(
          "{}SELECT {}::BIGINT, {}::BIGINT, string_agg(id, ', ') FROM {}.texts WHERE {}",
          statement.empty() ? "" : " UNION ALL ", day, text, days[day]->database(),
          query::IsSet(key) ? "contains(text, ?)" : "text = ?");
      params.push_back(Param::Text(query::IsSet(key) ? model::InSet(wanted) : wanted));
    }
  }
  if (query.among) {
    for (std::size_t day = 0; day < days.size(); ++day) {
      statement += fmt::format(
          "{}SELECT {}::BIGINT, {}::BIGINT, string_agg(id, ', ') FROM {}.texts WHERE text IN (FROM "
          "(VALUES (NULL::VARCHAR)",
          statement.empty() ? "" : " UNION ALL ", day, texts.size(), days[day]->database());
      for (const std::string& name : *query.among) {
        statement += ", (?::VARCHAR)";
        params.push_back(Param::Text(name));
      }
      statement += "))";
    }
    texts.push_back(&FactColumnOf(query.by.front()));
  }
  if (statement.empty()) {
    return conditions;
  }
  QueryResult result = TRY(connection.Query(statement, params));
  while (const auto chunk = result.Next()) {
    for (std::uint64_t row = 0; row < chunk->size(); ++row) {
      auto& condition = conditions[static_cast<std::size_t>(chunk->at<std::int64_t>(0, row))];
      const auto text = static_cast<std::size_t>(chunk->at<std::int64_t>(1, row));
      if (chunk->is_null(2, row)) {
        condition.reset();
      } else if (condition) {
        *condition += fmt::format(" AND {} IN ({})", texts[text]->column, chunk->text(2, row));
      }
    }
  }
  return conditions;
}

// One parameter with all ids: a thousand of them take longer to plan than the facts to read.
AmongRuns AmongRunsOf(const query::FactQuery& query) {
  if (query.among_runs == nullptr) {
    return {};
  }
  std::string ids;
  for (const model::TraceId& id : *query.among_runs) {
    const duckdb_uhugeint value = ToUhugeint(id.view());
    __extension__ using Number = unsigned __int128;
    ids += fmt::format("{}{}", ids.empty() ? "" : ",",
                       static_cast<Number>(value.upper) << 64U | value.lower);
  }
  return {.with =
              "WITH among_runs(id) AS MATERIALIZED (SELECT unnest(string_split(nullif(?::VARCHAR, "
              "''), ','))::UHUGEINT) ",
          .params = {Param::Text(ids)}};
}

void FactTexts::Want(const DayPtr& day, std::uint32_t number) {
  if (number == 0) {
    return;
  }
  OfDay& of_day = days_[day->number()];
  of_day.day = day;
  if (!of_day.known.contains(number)) {
    of_day.wanted.insert(number);
  }
}

base::Result<void> FactTexts::Load(Connection& connection) {
  // With more, reading all texts of the day is faster than looking for them.
  constexpr std::size_t kMostLookedUp = 2'000;
  std::string statement;
  for (const auto& [number, of_day] : days_) {
    if (of_day.wanted.empty()) {
      continue;
    }
    statement +=
        fmt::format("{}SELECT ({})::BIGINT, id, text FROM {}.texts",
                    statement.empty() ? "" : " UNION ALL ", number, of_day.day->database());
    if (of_day.wanted.size() <= kMostLookedUp) {
      statement += fmt::format(" WHERE id IN ({})", fmt::join(of_day.wanted, ", "));
    }
  }
  if (statement.empty()) {
    return {};
  }
  QueryResult result = TRY(connection.Query(statement));
  while (const auto chunk = result.Next()) {
    for (std::uint64_t row = 0; row < chunk->size(); ++row) {
      const auto day = static_cast<std::int32_t>(chunk->at<std::int64_t>(0, row));
      days_[day].known.emplace(chunk->at<std::uint32_t>(1, row), chunk->text(2, row));
    }
  }
  for (auto& [number, of_day] : days_) {
    of_day.wanted.clear();
  }
  return {};
}

std::string_view FactTexts::TextOf(const Day& day, std::uint32_t number) const {
  const auto of_day = days_.find(day.number());
  if (of_day == days_.end()) {
    return {};
  }
  const auto text = of_day->second.known.find(number);
  return text == of_day->second.known.end() ? std::string_view() : text->second;
}

}  // namespace sightline::store::embedded
