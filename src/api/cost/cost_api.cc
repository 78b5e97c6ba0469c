// SPDX-License-Identifier: Apache-2.0
#include "api/cost/cost_api.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string_view>
#include <utility>
#include <vector>

#include "analytics/trace_view.h"
#include "api/request/answers.h"
#include "api/request/json_fields.h"
#include "api/request/period.h"
#include "api/request/query_deadline.h"
#include "api/runs/known_workflow.h"
#include "api/sums/fact_figures.h"
#include "api/sums/largest_groups.h"
#include "base/time_text.h"
#include "model/kinds.h"
#include "model/run_span.h"
#include "model/saturating.h"

namespace sightline::api {
namespace {

using query::FactKey;
using query::FactSums;

// `cost`, `cost_status`, `unpriced_calls`, `tokens` and `calls`, inside an object that is open.
void WriteSums(const FactSums& sums, base::JsonWriter& json) {
  WriteCost(json, sums.cost_picodollars, CostStatusOf(sums));
  json.Key("unpriced_calls").Int(sums.unpriced_calls);
  json.Key("tokens").Int(TokensOf(sums));
  json.Key("calls").Int(sums.model_calls);
}

// Sums of groups that have a name and anything to pay for, by their first key. An agent may tell
// of tokens without a call of its own.
SumsByName SpendingByName(const store::FactAnswer& groups) {
  SumsByName sums;
  for (const query::FactGroup& group : groups) {
    const bool has_spent =
        group.sums.model_calls > 0 || TokensOf(group.sums) > 0 || group.sums.cost_picodollars > 0;
    if (has_spent && !group.keys[0].empty()) {
      sums[group.keys[0]].Add(group.sums);
    }
  }
  return sums;
}

// Of tools whose calls cost something: all of their calls.
SumsByName SpendingOfTools(const store::FactAnswer& tools) {
  SumsByName sums = SpendingByName(tools);
  for (auto& [name, tool] : sums) {
    tool.model_calls = tool.count;
  }
  return sums;
}

// Of sessions and of users that are told apart; beyond these they are summed up.
constexpr std::size_t kMostNames = 150;

// Dearest first.
using NamedSums = std::vector<std::pair<std::string, FactSums>>;

NamedSums Sorted(const SumsByName& sums) {
  NamedSums sorted(sums.begin(), sums.end());
  std::stable_sort(sorted.begin(), sorted.end(), [](const auto& a, const auto& b) {
    return a.second.cost_picodollars > b.second.cost_picodollars;
  });
  return sorted;
}

void WriteNamed(std::string_view name, const NamedSums& groups, base::JsonWriter& json) {
  json.Key(name).BeginObject();
  for (const auto& [key, sums] : groups) {
    json.Key(key).BeginObject();
    WriteSums(sums, json);
    json.EndObject();
  }
  json.EndObject();
}

// "openai/gpt-4o" -> "openai".
std::string_view ProviderOf(std::string_view model) {
  return model.substr(0, model.find('/'));
}

void WriteTokenKinds(const FactSums& sums, base::JsonWriter& json) {
  const std::int64_t cached = model::SaturatingAdd(sums.cache_read_tokens, sums.cache_write_tokens);
  const auto rest = [](std::int64_t whole, std::int64_t part) {
    return std::max<std::int64_t>(0, model::SaturatingSubtract(whole, part));
  };
  const std::pair<std::string_view, std::int64_t> kinds[] = {
      {"input", rest(sums.input_tokens, cached)},
      {"cache_read", sums.cache_read_tokens},
      {"cache_write", sums.cache_write_tokens},
      {"output", rest(sums.output_tokens, sums.reasoning_tokens)},
      {"reasoning", sums.reasoning_tokens}};
  json.Key("by_token_kind").BeginObject();
  for (const auto& [name, tokens] : kinds) {
    json.Key(name).BeginObject().Key("tokens").Int(tokens).EndObject();
  }
  json.EndObject();
}

// The models with calls whose cost is not wholly known, "provider/model" each; "" for calls that
// name none.
void WriteUnpriced(const store::FactAnswer& groups, base::JsonWriter& json) {
  SumsByName models;
  for (const query::FactGroup& group : groups) {
    models[group.keys[0]].Add(group.sums);
  }
  json.Key("unpriced").BeginArray();
  for (const auto& [name, sums] : Sorted(models)) {
    if (sums.unpriced_calls > 0) {
      const std::string_view provider = ProviderOf(name);
      const std::string_view text = name;
      json.BeginObject();
      json.Key("provider").String(provider);
      json.Key("model").String(text.substr(std::min(provider.size() + 1, text.size())));
      json.Key("calls").Int(sums.unpriced_calls);
      json.Key("tokens").Int(TokensOf(sums));
      json.EndObject();
    }
  }
  json.EndArray();
}

base::Result<query::FactQuery> QueryOf(const Parameters& parameters, const Period& period,
                                       store::SpanStore& store,
                                       store::SpanStore::Deadline deadline) {
  query::FactQuery query;
  query.start_time_ns = period.start_ns;
  query.end_time_ns = period.end_ns;
  query.filter(FactKey::kAgent) = parameters.Text("agent_id");
  query.filter(FactKey::kWorkflow) = parameters.Text("workflow_id");
  if (const auto& workflow_id = query.filter(FactKey::kWorkflow)) {
    TRY(ExpectWorkflow(store, *workflow_id, deadline));
  }
  return query;
}

query::FactQuery ByDay(query::FactQuery query, const Period& period) {
  query.bucket_ns = Period::kDayNs;
  query.bucket_offset_ns = -period.utc_offset_ns;
  return query;
}

// Of each day of the period, by its begin; `groups` answers ByDay.
std::map<std::int64_t, FactSums> SumsOfDays(const Period& period, const store::FactAnswer& groups) {
  std::map<std::int64_t, FactSums> days;
  for (const std::int64_t day : period.Days()) {
    days[day];
  }
  for (const query::FactGroup& group : groups) {
    days[group.time_ns].Add(group.sums);
  }
  return days;
}

void WriteCall(const model::Span& span, std::string_view agent, const model::RunRecord& run,
               base::JsonWriter& json) {
  const auto known = [](std::int64_t tokens) { return std::max<std::int64_t>(0, tokens); };
  json.BeginObject();
  json.Key("call_id").String(span.span_id.ToHex());
  json.Key("trace_id").String(run.trace_id.ToHex());
  WriteText(json, "agent_id", agent);
  json.Key("workflow_id").String(run.workflow_id);
  json.Key("execution_id").String(run.execution_id());
  WriteText(json, "provider", span.provider);
  WriteText(json, "model", span.model());
  WriteText(json, "tool", span.kind == model::SpanKind::kTool ? span.tool_name : "");
  json.Key("input_tokens").Int(known(span.usage.input_total));
  json.Key("output_tokens").Int(known(span.usage.output_total));
  json.Key("total_tokens")
      .Int(model::SaturatingAdd(known(span.usage.input_total), known(span.usage.output_total)));
  WriteCost(json, span.cost.picodollars, span.cost_status);
  json.Key("created_at").String(base::FormatTimeNs(span.start_ns));
  json.EndObject();
}

}  // namespace

base::Result<std::string> CostApi::SummaryJson(const net::HttpRequest& request) const {
  constexpr std::array<std::pair<FactKey, std::string_view>, 2> kGroupings = {
      {{FactKey::kAgent, "by_agent"}, {FactKey::kWorkflow, "by_workflow"}}};
  // Of which there are as many as there are runs.
  constexpr std::array<std::pair<FactKey, std::string_view>, 2> kManyNames = {
      {{FactKey::kSession, "by_session"}, {FactKey::kUser, "by_user"}}};
  const Parameters parameters(request.query);
  const Period period = TRY(Period::Read(parameters, clock_, 30));
  const auto deadline = DeadlineAfter(query_timeout_);
  const query::FactQuery all = TRY(QueryOf(parameters, period, store_, deadline));
  std::vector<query::FactQuery> queries(2 + kGroupings.size(), all);
  queries[0].by = {FactKey::kModel};
  query::FactQuery& of_tools = queries[1 + kGroupings.size()];
  of_tools.by = {FactKey::kName};
  of_tools.filter(FactKey::kKind) = model::SpanKindName(model::SpanKind::kTool);
  for (std::size_t i = 0; i < kGroupings.size(); ++i) {
    queries[1 + i].by = {kGroupings[i].first};
  }
  queries.push_back(ByDay(all, period));
  const std::vector<store::FactAnswer> answers = TRY(store_.SumFacts(queries, deadline));
  FactSums total;
  SumsByName providers;
  for (const query::FactGroup& group : answers[0]) {
    total.Add(group.sums);
    if (!group.keys[0].empty()) {
      providers[std::string(ProviderOf(group.keys[0]))].Add(group.sums);
    }
  }
  base::JsonWriter json;
  json.BeginObject();
  json.Key("total_cost");
  if (CostStatusOf(total) == model::CostStatus::kUnpriced) {
    json.Null();
  } else {
    json.Pico(total.cost_picodollars);
  }
  json.Key("cost_status").String(model::CostStatusName(CostStatusOf(total)));
  json.Key("unpriced_calls").Int(total.unpriced_calls);
  json.Key("total_tokens").Int(TokensOf(total));
  json.Key("total_calls").Int(total.model_calls);
  WriteNamed("by_provider", Sorted(providers), json);
  const NamedSums models = Sorted(SpendingByName(answers[0]));
  WriteNamed("by_model", models, json);
  for (std::size_t i = 0; i < kGroupings.size(); ++i) {
    WriteNamed(kGroupings[i].second, Sorted(SpendingByName(answers[1 + i])), json);
  }
  WriteNamed("by_tool", Sorted(SpendingOfTools(answers[1 + kGroupings.size()])), json);
  for (const auto& [key, name] : kManyNames) {
    query::FactQuery query = queries[0];
    query.by = {key};
    LargestGroups dearest =
        TRY(SumLargest(store_, query, kMostNames, query::FactOrder::kCost, deadline));
    dearest.groups.push_back({.keys = {std::string(query::kMoreNames)}, .sums = dearest.others});
    WriteNamed(name, Sorted(SpendingByName(dearest.groups)), json);
  }
  json.Key("by_day").BeginObject();
  for (const auto& [day, sums] : SumsOfDays(period, answers.back())) {
    json.Key(period.DateOf(day)).BeginObject();
    WriteSums(sums, json);
    json.EndObject();
  }
  json.EndObject();
  WriteTokenKinds(total, json);
  WriteUnpriced(answers[0], json);
  period.Write(json);
  json.EndObject();
  return json.Take();
}

base::Result<std::string> CostApi::TrendsJson(const net::HttpRequest& request) const {
  const Parameters parameters(request.query);
  const Period period = TRY(Period::Read(parameters, clock_, 30));
  const auto deadline = DeadlineAfter(query_timeout_);
  const query::FactQuery query = ByDay(TRY(QueryOf(parameters, period, store_, deadline)), period);
  const std::vector<store::FactAnswer> answers = TRY(store_.SumFacts({&query, 1}, deadline));
  base::JsonWriter json;
  json.BeginArray();
  for (const auto& [day, sums] : SumsOfDays(period, answers[0])) {
    json.BeginObject();
    json.Key("date").String(period.DateOf(day));
    WriteSums(sums, json);
    json.EndObject();
  }
  json.EndArray();
  return json.Take();
}

// Newest runs first, and in each its newest call first.
base::Result<std::string> CostApi::CallsJson(const net::HttpRequest& request) const {
  constexpr std::size_t kRunsPerPage = 100;
  constexpr std::size_t kMostRuns = 1000;
  const Parameters parameters(request.query);
  const std::size_t limit = TRY(parameters.Limit(100, 1000));
  const auto agent = parameters.Text("agent_id");
  query::TraceQuery runs{.workflow_id = parameters.Text("workflow_id"), .agent = agent};
  runs.limit = kRunsPerPage;
  base::JsonWriter json;
  json.BeginArray();
  std::size_t calls = 0;
  std::size_t seen = 0;
  for (bool has_more = true; has_more && calls < limit && seen < kMostRuns;) {
    const store::RunPage page = TRY(store_.ListRuns(runs, DeadlineAfter(query_timeout_)));
    for (const model::RunRecord& run : page.runs) {
      const store::Rows rows = TRY(store_.FetchTrace(run.trace_id, DeadlineAfter(query_timeout_)));
      const analytics::TraceView view = analytics::AssembleTrace(
          rows->spans, {.now_ns = clock_.NowNs(), .last_received_ns = rows->received_ns});
      const std::vector<std::string_view> agents = analytics::AgentsOf(view);
      for (std::size_t i = view.spans.size(); i > 0 && calls < limit; --i) {
        // As sums have it: a call is the work of the agent above it.
        const std::string_view caller = agents[i - 1];
        if (view.counts_usage[i - 1] && (!agent || *agent == caller)) {
          WriteCall(view.spans[i - 1], caller, run, json);
          ++calls;
        }
      }
    }
    seen += page.runs.size();
    has_more = page.has_more;
    if (has_more) {
      runs.cursor = query::CursorAfter(runs.sort, page.runs.back());
    }
  }
  json.EndArray();
  return json.Take();
}

net::HttpResponse CostApi::Summary(const net::HttpRequest& request) const {
  return JsonAnswer(SummaryJson(request));
}

net::HttpResponse CostApi::Trends(const net::HttpRequest& request) const {
  return JsonAnswer(TrendsJson(request));
}

net::HttpResponse CostApi::Calls(const net::HttpRequest& request) const {
  return JsonAnswer(CallsJson(request));
}

}  // namespace sightline::api
