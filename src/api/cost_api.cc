// SPDX-License-Identifier: Apache-2.0
#include "api/cost_api.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string_view>
#include <utility>
#include <vector>

#include "analytics/trace_view.h"
#include "api/answers.h"
#include "api/fact_series.h"
#include "api/json_fields.h"
#include "api/period.h"
#include "base/time_text.h"
#include "model/run_span.h"
#include "model/saturating.h"

namespace sightline::api {
namespace {

using query::FactKey;
using query::FactSums;

std::int64_t TokensOf(const FactSums& sums) {
  return model::SaturatingAdd(sums.input_tokens, sums.output_tokens);
}

// `cost`, `cost_status`, `unpriced_calls`, `tokens` and `calls`, inside an object that is open.
void WriteSums(const FactSums& sums, base::JsonWriter& json) {
  WriteCost(json, sums.cost_picodollars, CostStatusOf(sums));
  json.Key("unpriced_calls").Int(sums.unpriced_calls);
  json.Key("tokens").Int(TokensOf(sums));
  json.Key("calls").Int(sums.model_calls);
}

// Dearest first.
using NamedSums = std::vector<std::pair<std::string, FactSums>>;

NamedSums Sorted(const std::map<std::string, FactSums>& sums) {
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

base::Result<query::FactQuery> QueryOf(const Parameters& parameters, const Period& period) {
  query::FactQuery query;
  query.start_time_ns = period.start_ns;
  query.end_time_ns = period.end_ns;
  query.filter(FactKey::kAgent) = parameters.Text("agent_id");
  query.filter(FactKey::kWorkflow) = parameters.Text("workflow_id");
  return query;
}

void WriteCall(const model::Span& span, const model::RunRecord& run, base::JsonWriter& json) {
  const auto known = [](std::int64_t tokens) { return std::max<std::int64_t>(0, tokens); };
  json.BeginObject();
  json.Key("call_id").String(span.span_id.ToHex());
  json.Key("trace_id").String(run.trace_id.ToHex());
  WriteText(json, "agent_id", span.agent_name.empty() ? span.agent_id : span.agent_name);
  json.Key("workflow_id").String(run.workflow_id);
  json.Key("execution_id").String(run.execution_id());
  WriteText(json, "provider", span.provider);
  WriteText(json, "model", span.model());
  json.Key("input_tokens").Int(known(span.usage.input_total));
  json.Key("output_tokens").Int(known(span.usage.output_total));
  json.Key("total_tokens")
      .Int(model::SaturatingAdd(known(span.usage.input_total), known(span.usage.output_total)));
  WriteCost(json, span.cost.picodollars, span.cost_status);
  json.Key("created_at").String(base::FormatTimeNs(span.start_ns));
  json.EndObject();
}

}  // namespace

store::SpanStore::Deadline CostApi::Deadline() const {
  return std::chrono::steady_clock::now() +
         std::chrono::duration_cast<std::chrono::steady_clock::duration>(query_timeout_);
}

base::Result<void> CostApi::WriteGroups(const query::FactQuery& base_query, FactKey key,
                                        std::string_view name, base::JsonWriter& json) const {
  query::FactQuery query = base_query;
  query.by = {key};
  query.of_runs = key == FactKey::kSession || key == FactKey::kUser;
  std::map<std::string, FactSums> groups;
  for (const query::FactGroup& group : TRY(store_.SumFacts(query, Deadline()))) {
    if (group.sums.model_calls > 0 && !group.keys[0].empty()) {
      groups[group.keys[0]].Add(group.sums);
    }
  }
  WriteNamed(name, Sorted(groups), json);
  return {};
}

base::Result<std::string> CostApi::SummaryJson(const net::HttpRequest& request) const {
  const Parameters parameters(request.query);
  const Period period = TRY(Period::Read(parameters, clock_, 30));
  const query::FactQuery query = TRY(QueryOf(parameters, period));
  query::FactQuery by_model = query;
  by_model.by = {FactKey::kModel};
  FactSums total;
  std::map<std::string, FactSums> providers;
  std::map<std::string, FactSums> models;
  for (const query::FactGroup& group : TRY(store_.SumFacts(by_model, Deadline()))) {
    total.Add(group.sums);
    if (!group.keys[0].empty()) {
      providers[std::string(ProviderOf(group.keys[0]))].Add(group.sums);
      models[group.keys[0]].Add(group.sums);
    }
  }
  base::JsonWriter json;
  json.BeginObject();
  json.Key("total_cost").Pico(total.cost_picodollars);
  json.Key("cost_status").String(model::CostStatusName(CostStatusOf(total)));
  json.Key("unpriced_calls").Int(total.unpriced_calls);
  json.Key("total_tokens").Int(TokensOf(total));
  json.Key("total_calls").Int(total.model_calls);
  WriteNamed("by_provider", Sorted(providers), json);
  const NamedSums sorted_models = Sorted(models);
  WriteNamed("by_model", sorted_models, json);
  TRY(WriteGroups(query, FactKey::kAgent, "by_agent", json));
  TRY(WriteGroups(query, FactKey::kWorkflow, "by_workflow", json));
  TRY(WriteGroups(query, FactKey::kSession, "by_session", json));
  TRY(WriteGroups(query, FactKey::kUser, "by_user", json));
  WriteTokenKinds(total, json);
  json.Key("unpriced").BeginArray();
  for (const auto& [name, sums] : sorted_models) {
    if (sums.unpriced_calls > 0) {
      const std::string_view provider = ProviderOf(name);
      json.BeginObject();
      json.Key("provider").String(provider);
      json.Key("model").String(std::string_view(name).substr(provider.size() + 1));
      json.Key("calls").Int(sums.unpriced_calls);
      json.Key("tokens").Int(TokensOf(sums));
      json.EndObject();
    }
  }
  json.EndArray();
  period.Write(json);
  json.EndObject();
  return json.Take();
}

base::Result<std::string> CostApi::TrendsJson(const net::HttpRequest& request) const {
  const Parameters parameters(request.query);
  const Period period = TRY(Period::Read(parameters, clock_, 30));
  query::FactQuery query = TRY(QueryOf(parameters, period));
  query.bucket_ns = Period::kDayNs;
  query.bucket_offset_ns = -period.utc_offset_ns;
  std::map<std::int64_t, FactSums> days;
  for (const query::FactGroup& group : TRY(store_.SumFacts(query, Deadline()))) {
    days[group.time_ns].Add(group.sums);
  }
  base::JsonWriter json;
  json.BeginArray();
  for (const std::int64_t day : period.Days()) {
    json.BeginObject();
    json.Key("date").String(period.DateOf(day));
    WriteSums(days[day], json);
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
    const store::RunPage page = TRY(store_.ListRuns(runs, Deadline()));
    for (const model::RunRecord& run : page.runs) {
      const store::Rows rows = TRY(store_.FetchTrace(run.trace_id, Deadline()));
      const analytics::TraceView view = analytics::AssembleTrace(
          rows->spans, {.now_ns = clock_.NowNs(), .last_received_ns = rows->received_ns});
      for (std::size_t i = view.spans.size(); i > 0 && calls < limit; --i) {
        const model::Span& span = view.spans[i - 1];
        const bool is_wanted =
            !agent || *agent == (span.agent_name.empty() ? span.agent_id : span.agent_name);
        if (view.counts_usage[i - 1] && is_wanted) {
          WriteCall(span, run, json);
          ++calls;
        }
      }
    }
    seen += page.runs.size();
    has_more = page.has_more;
    if (has_more) {
      runs.cursor = {.start_ns = page.runs.back().start_ns, .trace_id = page.runs.back().trace_id};
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
