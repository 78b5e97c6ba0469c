// SPDX-License-Identifier: Apache-2.0
#include "api/compare_api.h"

#include <optional>
#include <utility>

#include <fmt/format.h>

#include "api/answers.h"
#include "api/parameters.h"
#include "api/run_filter.h"
#include "base/json_writer.h"

namespace sightline::api {
namespace {

base::Error Bad(std::string_view parameter, std::string_view why) {
  return {base::Code::kInvalidArgument, fmt::format("bad parameter {}: {}", parameter, why)};
}

// "workflow_id=x&model=y" is a filter; "run=7" is the id of a run.
bool IsFilter(std::string_view text) {
  const std::size_t equals = text.find('=');
  return equals != std::string_view::npos && IsRunFilter(text.substr(0, equals));
}

}  // namespace

base::Result<RunWithBodies> CompareApi::LoadRun(std::string_view id) const {
  RunWithBodies run{.trace = TRY(loader_.Load(id)), .bodies = {}};
  base::Result<Bodies> bodies = loader_.LoadBodies(run.trace);
  if (!bodies.has_value()) {
    return bodies.error();
  }
  run.bodies = std::move(*bodies);
  return run;
}

base::Result<std::string> CompareApi::RunsJson(std::string_view a, std::string_view b) const {
  const RunWithBodies first = TRY(LoadRun(a));
  const RunWithBodies second = TRY(LoadRun(b));
  base::JsonWriter json;
  json.BeginObject();
  json.Key("of").String("runs");
  WriteRunComparison(first, second, json);
  json.EndObject();
  return json.Take();
}

base::Result<Basket> CompareApi::LoadBasket(std::string_view parameter,
                                            std::string_view filter) const {
  const base::Result<net::QueryParameters> filters = net::ParseQuery(filter);
  if (!filters.has_value()) {
    return Bad(parameter, filters.error().message());
  }
  for (const net::NameValue& given : *filters) {
    if (!IsRunFilter(given.name)) {
      return Bad(parameter, fmt::format("{} is not a filter of runs", given.name));
    }
  }
  base::Result<query::TraceQuery> query = ReadRunFilter(Parameters(*filters));
  if (!query.has_value()) {
    return Bad(parameter, query.error().message());
  }
  if (query->start_time_ns && query->end_time_ns && *query->start_time_ns > *query->end_time_ns) {
    return Bad(parameter, "its start_time is after its end_time");
  }
  Basket basket{.filter = std::string(filter), .query = *query, .newest = {}};
  basket.newest =
      TRY(ReadNewestRuns(store_, std::move(*query), Basket::kMostRuns, loader_.Deadline()));
  return basket;
}

base::Result<std::string> CompareApi::BasketsJson(std::string_view a, std::string_view b) const {
  const Basket first = TRY(LoadBasket("a", a));
  const Basket second = TRY(LoadBasket("b", b));
  base::JsonWriter json;
  json.BeginObject();
  json.Key("of").String("baskets");
  WriteBasketComparison(first, second, json);
  json.EndObject();
  return json.Take();
}

base::Result<std::string> CompareApi::CompareJson(const net::HttpRequest& request) const {
  const Parameters parameters(request.query);
  const std::optional<std::string> a = parameters.Text("a");
  const std::optional<std::string> b = parameters.Text("b");
  if (!a || !b) {
    return Bad(a ? "b" : "a", "the id of a run, or filters of runs, expected");
  }
  if (IsFilter(*a) != IsFilter(*b)) {
    return Bad("b", IsFilter(*a) ? "filters of runs expected, as in a"
                                 : "the id of a run expected, as in a");
  }
  return IsFilter(*a) ? BasketsJson(*a, *b) : RunsJson(*a, *b);
}

net::HttpResponse CompareApi::Compare(const net::HttpRequest& request) const {
  return JsonAnswer(CompareJson(request));
}

}  // namespace sightline::api
