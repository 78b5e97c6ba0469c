// SPDX-License-Identifier: Apache-2.0
#include "api/runs/spans_api.h"

#include <utility>

#include "api/request/answers.h"
#include "api/request/json_fields.h"
#include "api/request/parameters.h"
#include "api/request/query_deadline.h"
#include "api/runs/run_filter.h"
#include "api/sums/fact_scope.h"
#include "base/json_writer.h"
#include "base/time_text.h"
#include "model/kinds.h"
#include "model/run_status.h"
#include "query/step_query.h"

namespace sightline::api {
namespace {

base::Result<query::StepQuery> QueryOf(const Parameters& parameters, const base::Clock& clock) {
  query::StepQuery query;
  query.steps = TRY(FactScope::ReadOfSteps(parameters, clock)).facts;
  query.steps.amounts = TRY(ReadAmounts(parameters));
  query.limit = TRY(parameters.Limit(100, 1000));
  if (const auto sort = parameters.Text("sort")) {
    const auto parsed = query::StepSort::Parse(*sort);
    if (!parsed) {
      return BadParameter(
          "sort", "start, duration, cost or tokens, with - before it for the largest first,");
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

void WriteStep(const model::FactTable& table, const model::Fact& step, base::JsonWriter& json) {
  json.BeginObject();
  json.Key("trace_id").String(step.trace_id.ToHex());
  json.Key("span_id").String(step.span_id.ToHex());
  json.Key("kind").String(model::SpanKindName(static_cast<model::SpanKind>(step.kind)));
  json.Key("step_name").String(table.TextOf(step.name));
  json.Key("status").String(model::RunStatusName(static_cast<model::RunStatus>(step.status)));
  json.Key("start_time").String(base::FormatTimeNs(step.start_ns));
  WriteSeconds(json, "duration", step.duration_ns);
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
  json.Key("cost");
  const bool is_free = step.cost_picodollars == 0 && step.model_calls == 0;
  if (is_free || !query::HasKnownCost(step)) {
    json.Null();
  } else {
    json.Pico(step.cost_picodollars);
  }
  json.EndObject();
}

}  // namespace

base::Result<std::string> SpansApi::ListJson(const net::HttpRequest& request) const {
  const query::StepQuery query = TRY(QueryOf(Parameters(request.query), clock_));
  const store::StepPage page = TRY(store_.ListSteps(query, DeadlineAfter(query_timeout_)));
  base::JsonWriter json;
  json.BeginObject().Key("spans").BeginArray();
  for (const model::Fact& step : page.steps.facts) {
    WriteStep(page.steps, step, json);
  }
  json.EndArray().Key("next_cursor");
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
