// SPDX-License-Identifier: Apache-2.0
#include "api/runs/conversations_api.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "api/request/answers.h"
#include "api/request/json_fields.h"
#include "api/request/query_deadline.h"
#include "api/runs/trace_json.h"
#include "api/sums/fact_figures.h"
#include "api/sums/fact_scope.h"
#include "api/sums/largest_groups.h"
#include "base/json_writer.h"
#include "query/trace_query.h"

namespace sightline::api {
namespace {

using query::FactGroup;
using query::FactKey;

constexpr std::size_t kMostNamed = 20;  // Users of a session, or sessions of a user, by name.

// How far a list goes back; whoever looks for what is beyond asks for another period.
constexpr std::size_t kMostListed = 10'000;

// How many are looked for so that `wanted` of them are known: pages that follow each other use the
// same kept sums.
std::size_t StepOf(std::size_t wanted) {
  for (const std::size_t step : {std::size_t{150}, std::size_t{1'500}}) {
    if (wanted <= step) {
      return step;
    }
  }
  return kMostListed;
}

// What all runs of one session, or user, add up to.
struct Totals {
  std::string id;
  FactGroup runs;
  std::set<std::string> others;
};

// The one that was active last comes first.
std::vector<Totals> TotalsOf(const store::FactAnswer& answer) {
  std::map<std::string, Totals> by_id;
  for (const FactGroup& group : answer) {
    if (group.keys[0].empty()) {
      continue;
    }
    Totals& totals = by_id[group.keys[0]];
    totals.id = group.keys[0];
    totals.runs.Merge(group);
    if (!group.keys[1].empty()) {
      totals.others.insert(group.keys[1]);
    }
  }
  std::vector<Totals> sorted;
  sorted.reserve(by_id.size());
  for (auto& [id, totals] : by_id) {
    sorted.push_back(std::move(totals));
  }
  std::stable_sort(sorted.begin(), sorted.end(), [](const Totals& a, const Totals& b) {
    return a.runs.last_start_ns > b.runs.last_start_ns;
  });
  return sorted;
}

// Fields of an object that is open.
void WriteTotals(const Totals& totals, std::string_view id_name, std::string_view others_name,
                 base::JsonWriter& json) {
  const query::FactSums& sums = totals.runs.sums;
  json.Key(id_name).String(totals.id);
  json.Key("runs").Int(sums.count);
  json.Key("failed_runs").Int(sums.failed);
  json.Key("calls").Int(sums.model_calls);
  json.Key("tokens").Int(TokensOf(sums));
  WriteCost(json, sums.cost_picodollars, CostStatusOf(sums));
  json.Key("unpriced_calls").Int(sums.unpriced_calls);
  json.Key("duration").Double(sums.duration_seconds);
  const bool has_runs = sums.count > 0;
  WriteTime(json, "first_run_at", has_runs ? totals.runs.first_start_ns : 0);
  WriteTime(json, "last_run_at", has_runs ? totals.runs.last_start_ns : 0);
  json.Key(others_name).BeginArray();
  std::size_t named = 0;
  for (const std::string& other : totals.others) {
    if (++named > kMostNamed) {
      break;
    }
    json.String(other);
  }
  json.EndArray();
  json.Key(fmt::format("{}_count", others_name)).Uint(totals.others.size());
}

// The filter of a list of runs for an id.
std::optional<std::string>& IdOf(FactKey key, query::TraceQuery& query) {
  return key == FactKey::kSession ? query.session_id : query.user_id;
}

}  // namespace

const ConversationsApi::Listed ConversationsApi::kSessions{.key = FactKey::kSession,
                                                           .other = FactKey::kUser,
                                                           .id_name = "session_id",
                                                           .list_name = "sessions",
                                                           .others_name = "users"};

const ConversationsApi::Listed ConversationsApi::kUsers{.key = FactKey::kUser,
                                                        .other = FactKey::kSession,
                                                        .id_name = "user_id",
                                                        .list_name = "users",
                                                        .others_name = "sessions"};

base::Result<std::string> ConversationsApi::ListJson(const Listed& listed,
                                                     const net::HttpRequest& request) const {
  const Parameters parameters(request.query);
  const FactScope scope = TRY(FactScope::Read(parameters, clock_, "", 0));
  if (!scope.facts.of_runs) {
    return base::Error(base::Code::kInvalidArgument,
                       "bad parameter of: only runs are told apart by session and user");
  }
  const std::size_t limit = TRY(parameters.Limit(50, 1000));
  query::FactQuery query = scope.facts;
  query.by = {listed.key};
  const auto deadline = DeadlineAfter(query_timeout_);
  const std::size_t wanted = TRY(parameters.Offset(kMostListed)) + limit;
  LargestNames newest =
      TRY(FindLargest(store_, query, StepOf(wanted), query::FactOrder::kNewest, deadline));
  query.by = {listed.key, listed.other};
  if (!newest.is_all) {
    std::sort(newest.names.begin(), newest.names.end());
    query.among = std::move(newest.names);
  }
  const auto answers = TRY(store_.SumFacts({&query, 1}, deadline));
  const std::vector<Totals> all = TotalsOf(answers[0]);
  const std::size_t begin = TRY(parameters.Offset(all.size()));
  const std::size_t end = begin + std::min(limit, all.size() - begin);
  const bool has_more = end < all.size() || (!newest.is_all && end < kMostListed);
  base::JsonWriter json;
  json.BeginObject();
  json.Key(listed.list_name).BeginArray();
  for (std::size_t i = begin; i < end; ++i) {
    json.BeginObject();
    WriteTotals(all[i], listed.id_name, listed.others_name, json);
    json.EndObject();
  }
  json.EndArray();
  json.Key("total").Uint(all.size());
  json.Key("total_is_exact").Bool(newest.is_all);
  json.Key("next_cursor");
  if (has_more) {
    json.String(std::to_string(end));
  } else {
    json.Null();
  }
  scope.period.Write(json);
  json.EndObject();
  return json.Take();
}

base::Result<std::string> ConversationsApi::OneJson(const Listed& listed,
                                                    const net::HttpRequest& request) const {
  const Parameters parameters(request.query);
  const Period period = TRY(Period::Read(parameters, clock_, Period::kMostDays));
  const std::size_t limit = TRY(parameters.Limit(100, 1000));
  const std::string id(request.PathParameter(listed.id_name));
  query::FactQuery query;
  query.of_runs = true;
  query.start_time_ns = period.start_ns;
  query.end_time_ns = period.end_ns;
  query.filter(listed.key) = id;
  query.by = {listed.key, listed.other};
  query::TraceQuery runs{.start_time_ns = period.start_ns, .end_time_ns = period.end_ns};
  IdOf(listed.key, runs) = id;
  runs.limit = limit;
  const auto answers = TRY(store_.SumFacts({&query, 1}, DeadlineAfter(query_timeout_)));
  const store::RunPage page = TRY(store_.ListRuns(runs, DeadlineAfter(query_timeout_)));
  std::vector<Totals> found = TotalsOf(answers[0]);
  if (found.empty()) {
    query::TraceQuery ever;
    IdOf(listed.key, ever) = id;
    ever.limit = 1;
    if (TRY(store_.ListRuns(ever, DeadlineAfter(query_timeout_))).runs.empty()) {
      return base::Error(base::Code::kNotFound,
                         fmt::format("{} {} is not known", listed.id_name, id));
    }
    found.push_back({.id = id, .runs = {}, .others = {}});
  }
  base::JsonWriter json;
  json.BeginObject();
  WriteTotals(found[0], listed.id_name, listed.others_name, json);
  json.Key("traces").BeginArray();
  for (const model::RunRecord& run : page.runs) {
    json.BeginObject();
    WriteRunFields(run, json);
    json.EndObject();
  }
  json.EndArray();
  json.Key("has_more_traces").Bool(page.has_more);
  period.Write(json);
  json.EndObject();
  return json.Take();
}

net::HttpResponse ConversationsApi::Sessions(const net::HttpRequest& request) const {
  return JsonAnswer(ListJson(kSessions, request));
}

net::HttpResponse ConversationsApi::Session(const net::HttpRequest& request) const {
  return JsonAnswer(OneJson(kSessions, request));
}

net::HttpResponse ConversationsApi::Users(const net::HttpRequest& request) const {
  return JsonAnswer(ListJson(kUsers, request));
}

net::HttpResponse ConversationsApi::User(const net::HttpRequest& request) const {
  return JsonAnswer(OneJson(kUsers, request));
}

}  // namespace sightline::api
