// SPDX-License-Identifier: Apache-2.0
#include "api/analyses/basket.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "analytics/what_differs/run_attributes.h"
#include "api/analyses/score_columns.h"
#include "api/kept/run_scores.h"
#include "api/request/parameters.h"
#include "api/runs/run_filter.h"

namespace sightline::api {
namespace {

base::Error Bad(std::string_view parameter, std::string_view why) {
  return {base::Code::kInvalidArgument, fmt::format("bad parameter {}: {}", parameter, why)};
}

}  // namespace

bool IsBasketFilter(std::string_view name) {
  return IsRunFilter(name) || !ScoreOfFilter(name).empty();
}

bool Basket::Fixes(std::string_view attribute) const {
  const auto is_of = [attribute](std::string_view kind) {
    return attribute == kind ||
           (attribute.starts_with(kind) && attribute.substr(kind.size()).starts_with('.'));
  };
  constexpr std::string_view kScore = "score.";
  if (attribute.starts_with(kScore)) {
    return scores.contains(std::string(attribute.substr(kScore.size())));
  }
  const bool is_outcome =
      attribute == "status" || attribute == "error_type" || attribute == "failed_steps";
  const bool is_tokens = attribute == "input_tokens" || attribute == "output_tokens";
  const query::AmountFilter& amounts = query.amounts;
  return (query.workflow_id && attribute == "workflow_id") || (query.agent && is_of("agent")) ||
         (query.model && is_of("model")) || (query.service && is_of("service")) ||
         (query.session_id && attribute == "session_id") ||
         (query.user_id && attribute == "user_id") || (query.version && attribute == "version") ||
         (query.environment && attribute == "environment") || (query.tag && is_of("tag")) ||
         (query.prompt_version && is_of("prompt_version")) ||
         ((query.status || query.has_error) && is_outcome) ||
         ((amounts.min_duration_ns || amounts.max_duration_ns) && attribute == "duration") ||
         ((amounts.min_cost || amounts.max_cost) && attribute == "cost") ||
         (amounts.min_tokens && is_tokens);
}

bool Basket::Matches(const model::RunRecord& run) const {
  return query::Matches(query, run) && (!judged || judged->contains(run.trace_id));
}

base::Result<Basket> ParseBasket(std::string_view parameter, std::string_view filter,
                                 const store::MetaStore* meta) {
  const base::Result<net::QueryParameters> filters = net::ParseQuery(filter);
  if (!filters.has_value()) {
    return Bad(parameter, filters.error().message());
  }
  Basket basket;
  basket.filter = filter;
  for (const net::NameValue& given : *filters) {
    if (!IsBasketFilter(given.name)) {
      return Bad(parameter, fmt::format("{} is not a filter of runs", given.name));
    }
    if (const std::string_view score = ScoreOfFilter(given.name); !score.empty()) {
      basket.scores.emplace(score);
    }
  }
  base::Result<query::TraceQuery> query = ReadRunFilter(Parameters(*filters));
  if (!query.has_value()) {
    return Bad(parameter, query.error().message());
  }
  basket.query = std::move(*query);
  base::Result<std::optional<TraceIds>> judged = ReadScoreFilter(*filters, meta);
  if (!judged.has_value()) {
    return judged.error().code() == base::Code::kInvalidArgument
               ? Bad(parameter, judged.error().message())
               : judged.error();
  }
  basket.judged = std::move(*judged);
  return basket;
}

base::Result<Basket> ReadBasket(std::string_view parameter, std::string_view filter,
                                std::size_t most_runs, store::SpanStore& store,
                                const store::MetaStore* meta, store::SpanStore::Deadline deadline) {
  Basket basket = TRY(ParseBasket(parameter, filter, meta));
  if (!basket.judged) {
    basket.newest = TRY(ReadNewestRuns(store, basket.query, most_runs, deadline));
    return basket;
  }
  query::TraceQuery listed = basket.query;
  listed.limit = most_runs;
  store::RunPage page = TRY(ListRunsAmong(*basket.judged, std::move(listed), store, deadline));
  basket.newest = {.runs = std::move(page.runs), .has_more = page.has_more};
  return basket;
}

base::Result<std::vector<analytics::RunColumn>> ColumnsOf(const std::vector<model::RunRecord>& runs,
                                                          const std::vector<const Basket*>& fixed,
                                                          const store::MetaStore* meta) {
  const auto is_wanted = [&](std::string_view attribute) {
    return std::none_of(fixed.begin(), fixed.end(),
                        [&](const Basket* basket) { return basket->Fixes(attribute); });
  };
  std::vector<analytics::RunColumn> columns = analytics::AttributesOf(runs, is_wanted);
  AddScoreColumns(runs, TRY(ReadRunScores(meta, runs)), is_wanted, columns);
  return columns;
}

}  // namespace sightline::api
