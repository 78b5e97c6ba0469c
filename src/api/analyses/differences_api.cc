// SPDX-License-Identifier: Apache-2.0
#include "api/analyses/differences_api.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "analytics/what_differs/what_differs.h"
#include "api/analyses/basket.h"
#include "api/analyses/difference_json.h"
#include "api/request/answers.h"
#include "api/request/parameters.h"
#include "base/json_writer.h"

namespace sightline::api {
namespace {

// The cost of the search grows with their square.
constexpr std::size_t kMostSearched = 2000;

}  // namespace

base::Result<std::string> DifferencesApi::FindJson(const net::HttpRequest& request) const {
  const Parameters parameters(request.query);
  const auto filter = parameters.Text("selected");
  if (!filter) {
    return BadParameter("selected", "filters of runs");
  }
  const Basket selected = TRY(ParseBasket("selected", *filter, meta_));
  if (!selected.query.text.empty()) {
    return BadParameter("selected", "filters other than q");
  }
  Basket all = TRY(ReadBasket("of", parameters.Text("of").value_or(""), kMostSearched, store_,
                              meta_, loader_.Deadline()));
  std::vector<model::RunRecord>& runs = all.newest.runs;
  std::erase_if(
      runs, [](const model::RunRecord& run) { return run.status == model::RunStatus::kRunning; });
  std::vector<bool> is_selected;
  is_selected.reserve(runs.size());
  for (const model::RunRecord& run : runs) {
    is_selected.push_back(selected.Matches(run));
  }
  auto columns = TRY(ColumnsOf(runs, {&all, &selected}, meta_));
  for (analytics::RunColumn& column : columns) {
    // Failed runs end early.
    column.is_never_upper_bound = selected.query.status == model::RunStatus::kFailed;
  }
  base::JsonWriter json;
  json.BeginObject();
  json.Key("of").String(all.filter);
  json.Key("selected").String(selected.filter);
  json.Key("searched_runs").Uint(runs.size());
  json.Key("has_more").Bool(all.newest.has_more);
  json.Key("selected_runs")
      .Int(static_cast<std::int64_t>(std::count(is_selected.begin(), is_selected.end(), true)));
  WriteDifferences("what_differs", analytics::FindDifferences(columns, is_selected), columns, runs,
                   json);
  json.EndObject();
  return json.Take();
}

net::HttpResponse DifferencesApi::Find(const net::HttpRequest& request) const {
  return JsonAnswer(FindJson(request));
}

}  // namespace sightline::api
