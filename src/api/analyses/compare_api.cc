// SPDX-License-Identifier: Apache-2.0
#include "api/analyses/compare_api.h"

#include <optional>
#include <utility>

#include <fmt/format.h>

#include "api/analyses/basket.h"
#include "api/analyses/basket_comparison.h"
#include "api/request/answers.h"
#include "api/request/parameters.h"
#include "base/json_writer.h"

namespace sightline::api {
namespace {

base::Error Bad(std::string_view parameter, std::string_view why) {
  return {base::Code::kInvalidArgument, fmt::format("bad parameter {}: {}", parameter, why)};
}

// "workflow_id=x&model=y" is a filter; "run=7" is the id of a run.
bool IsFilter(std::string_view text) {
  const std::size_t equals = text.find('=');
  return equals != std::string_view::npos && IsBasketFilter(text.substr(0, equals));
}

}  // namespace

base::Result<std::string> CompareApi::RunsJson(std::string_view a, std::string_view b) const {
  const RunWithBodies first = TRY(LoadWithBodies(loader_, a));
  const RunWithBodies second = TRY(LoadWithBodies(loader_, b));
  base::JsonWriter json;
  json.BeginObject();
  json.Key("of").String("runs");
  WriteRunComparison(first, second, json);
  json.EndObject();
  return json.Take();
}

base::Result<std::string> CompareApi::BasketsJson(std::string_view a, std::string_view b) const {
  const Basket first =
      TRY(ReadBasket("a", a, kMostComparedRuns, store_, meta_, loader_.Deadline()));
  const Basket second =
      TRY(ReadBasket("b", b, kMostComparedRuns, store_, meta_, loader_.Deadline()));
  const auto columns = TRY(ColumnsOf(BasketRuns(first, second), {&first, &second}, meta_));
  base::JsonWriter json;
  json.BeginObject();
  json.Key("of").String("baskets");
  WriteBasketComparison(first, second, columns, json);
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
