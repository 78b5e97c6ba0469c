// SPDX-License-Identifier: Apache-2.0
#include "api/runs/spans_api.h"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <utility>

#include "api/kept/score_filter.h"
#include "api/request/answers.h"
#include "api/request/json_fields.h"
#include "api/request/parameters.h"
#include "api/request/query_deadline.h"
#include "api/runs/run_filter.h"
#include "api/sums/fact_figures.h"
#include "api/sums/fact_scope.h"
#include "base/json_writer.h"
#include "base/time_text.h"
#include "model/kinds.h"
#include "model/run_status.h"

namespace sightline::api {
namespace {

using query::FactSums;

// The page waits no longer than this for sums that are only beside it.
constexpr std::chrono::seconds kPatience{1};

void WriteStep(const model::FactTable& table, const model::Fact& step, base::JsonWriter& json) {
  json.BeginObject();
  json.Key("trace_id").String(step.trace_id.ToHex());
  json.Key("span_id").String(step.span_id.ToHex());
  json.Key("kind").String(model::SpanKindName(static_cast<model::SpanKind>(step.kind)));
  json.Key("step_name").String(table.TextOf(step.name));
  json.Key("status").String(model::RunStatusName(static_cast<model::RunStatus>(step.status)));
  json.Key("start_time").String(base::FormatTimeNs(step.start_ns));
  WriteSeconds(json, "duration", step.duration_ns);
  json.Key("time_to_first_token");
  if (step.time_to_first_token_ns < 0) {
    json.Null();
  } else {
    json.Double(static_cast<double>(step.time_to_first_token_ns) / 1e9);
  }
  WriteText(json, "workflow_id", table.TextOf(step.workflow));
  WriteText(json, "agent", table.TextOf(step.agent));
  WriteText(json, "model", table.TextOf(step.model));
  WriteText(json, "service", table.TextOf(step.service));
  WriteText(json, "session_id", table.TextOf(step.session));
  WriteText(json, "user_id", table.TextOf(step.user));
  WriteText(json, "error_type", table.TextOf(step.error_type));
  json.Key("input_tokens").Int(step.input_tokens);
  json.Key("cache_read_tokens").Int(step.cache_read_tokens);
  json.Key("cache_write_tokens").Int(step.cache_write_tokens);
  json.Key("output_tokens").Int(step.output_tokens);
  json.Key("reasoning_tokens").Int(step.reasoning_tokens);
  const bool is_free = step.cost_picodollars == 0 && step.model_calls == 0;
  WriteCost(json, step.cost_picodollars,
            is_free ? model::CostStatus::kNone
                    : CostStatusOf(step.model_calls, step.unpriced_calls, step.cost_picodollars));
  json.EndObject();
}

void WriteTotals(const FactSums& sums, base::JsonWriter& json) {
  json.BeginObject();
  json.Key("failed").Int(sums.failed);
  json.Key("duration").Double(sums.duration_seconds);
  json.Key("input_tokens").Int(sums.input_tokens);
  json.Key("cache_read_tokens").Int(sums.cache_read_tokens);
  json.Key("cache_write_tokens").Int(sums.cache_write_tokens);
  json.Key("output_tokens").Int(sums.output_tokens);
  json.Key("reasoning_tokens").Int(sums.reasoning_tokens);
  WriteCost(json, sums.cost_picodollars, CostStatusOf(sums));
  json.Key("unpriced_calls").Int(sums.unpriced_calls);
  json.EndObject();
}

// A page is told without its totals rather than refused.
bool CanBeLeftOut(base::Code code) {
  return code == base::Code::kDeadlineExceeded || code == base::Code::kUnavailable ||
         code == base::Code::kResourceExhausted;
}

}  // namespace

base::Result<query::StepQuery> SpansApi::QueryOf(const net::HttpRequest& request) const {
  const Parameters parameters(request.query);
  query::StepQuery query;
  query.steps = TRY(FactScope::ReadOfSteps(parameters, clock_)).facts;
  query.steps.among_runs = TRY(ReadScoredRuns(request.query, meta_));
  query.steps.amounts = TRY(ReadAmounts(parameters));
  query.limit = TRY(parameters.Limit(100, 1000));
  if (const auto sort = parameters.Text("sort")) {
    const auto parsed = query::StepSort::Parse(*sort);
    if (!parsed) {
      return BadParameter(
          "sort",
          "start, duration, cost, tokens or time_to_first_token, with - before it for the largest "
          "first,");
    }
    query.sort = *parsed;
  }
  if (const auto cursor = parameters.Text("cursor")) {
    query.cursor = query::StepCursor::Parse(*cursor, query.sort);
    if (!query.cursor) {
      return BadParameter("cursor", "a next_cursor of this list in the same order");
    }
  }
  return query;
}

// Empty when they take longer than a page may wait for them, or cannot be had just now.
base::Result<std::optional<FactSums>> SpansApi::TotalsOf(
    const query::StepQuery& query, bool is_exact, store::SpanStore::Deadline deadline) const {
  const auto patience = std::chrono::steady_clock::now() + kPatience;
  auto sums =
      store_.SumFacts({&query.steps, 1}, is_exact ? deadline : std::min(deadline, patience));
  if (!sums.has_value()) {
    return !is_exact && CanBeLeftOut(sums.error().code())
               ? base::Result<std::optional<FactSums>>(std::nullopt)
               : std::move(sums).error();
  }
  FactSums all;
  for (const query::FactGroup& group : sums->front()) {
    all.Add(group.sums);
  }
  return std::optional(all);
}

base::Result<std::string> SpansApi::ListJson(const net::HttpRequest& request) const {
  const query::StepQuery query = TRY(QueryOf(request));
  const bool is_exact = TRY(AsksForExactCount(Parameters(request.query)));
  const store::SpanStore::Deadline deadline = DeadlineAfter(query_timeout_);
  const store::StepPage page = TRY(store_.ListSteps(query, deadline));
  std::optional<FactSums> totals;
  if (!query.cursor) {
    totals = TRY(TotalsOf(query, is_exact, deadline));
  }
  const auto listed = static_cast<std::int64_t>(page.steps.facts.size()) + (page.has_more ? 1 : 0);
  base::JsonWriter json;
  json.BeginObject().Key("spans").BeginArray();
  for (const model::Fact& step : page.steps.facts) {
    WriteStep(page.steps, step, json);
  }
  json.EndArray().Key("total");
  if (totals) {
    json.Int(totals->count);
  } else {
    json.Null();
  }
  json.Key("total_at_least").Int(totals ? totals->count : listed);
  json.Key("totals");
  if (totals) {
    WriteTotals(*totals, json);
  } else {
    json.Null();
  }
  json.Key("next_cursor");
  if (page.has_more) {
    json.String(query::CursorAfter(query.sort, page.steps.facts.back()).ToText(query.sort));
  } else {
    json.Null();
  }
  json.EndObject();
  return json.Take();
}

net::HttpResponse SpansApi::List(const net::HttpRequest& request) const {
  return JsonAnswer(ListJson(request));
}

}  // namespace sightline::api
