// SPDX-License-Identifier: Apache-2.0
#include "api/analyses/basket_comparison.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <unordered_set>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "analytics/comparison/samples.h"
#include "analytics/proportion.h"
#include "analytics/what_differs/what_differs.h"
#include "api/analyses/difference_json.h"
#include "api/request/json_fields.h"
#include "model/run_status.h"
#include "model/saturating.h"

namespace sightline::api {
namespace {

using analytics::Verdict;
using Runs = std::vector<model::RunRecord>;

// Of each basket, when attributes are searched for what differs: the cost grows with their square.
constexpr std::size_t kMostSearched = 2000;

using FigureOf = std::optional<double> (*)(const model::RunRecord& run);

// Seconds of runs that completed: failed ones end early.
std::optional<double> DurationOf(const model::RunRecord& run) {
  return run.status == model::RunStatus::kCompleted
             ? std::optional(static_cast<double>(model::DurationNs(run.start_ns, run.end_ns)) / 1e9)
             : std::nullopt;
}

bool HasEnded(const model::RunRecord& run) {
  return run.status != model::RunStatus::kRunning;
}

std::optional<double> TokensOf(const model::RunRecord& run) {
  return HasEnded(run) && run.usage.is_known()
             ? std::optional(static_cast<double>(TotalTokens(run.usage)))
             : std::nullopt;
}

std::optional<double> CostOf(const model::RunRecord& run) {
  const bool is_known = run.cost_status == model::CostStatus::kPriced ||
                        run.cost_status == model::CostStatus::kReported;
  return HasEnded(run) && is_known ? std::optional(run.cost.dollars()) : std::nullopt;
}

std::vector<double> Sorted(const Runs& runs, FigureOf figure_of) {
  std::vector<double> figures;
  for (const model::RunRecord& run : runs) {
    if (const auto figure = figure_of(run)) {
      figures.push_back(*figure);
    }
  }
  std::sort(figures.begin(), figures.end());
  return figures;
}

void WriteSummary(std::string_view name, std::span<const double> sorted, base::JsonWriter& json) {
  json.Key(name);
  const auto summary = analytics::Summarize(sorted);
  if (!summary) {
    json.Null();
    return;
  }
  json.BeginObject();
  json.Key("runs").Uint(summary->count);
  json.Key("mean").Double(summary->mean);
  for (const auto& [key, estimate] :
       {std::pair("p50", summary->p50), std::pair("p95", summary->p95)}) {
    json.Key(key).BeginObject();
    json.Key("value").Double(estimate.value);
    json.Key("low").Double(estimate.low);
    json.Key("high").Double(estimate.high);
    json.EndObject();
  }
  json.EndObject();
}

// `difference`, `low`, `high`, `p` and `verdict`, inside an object that is open.
template <typename Shift>
void WriteShift(const std::optional<Shift>& shift, double scale, base::JsonWriter& json) {
  const auto write = [&](std::string_view key, double value) {
    json.Key(key);
    if (shift) {
      json.Double(value * scale);
    } else {
      json.Null();
    }
  };
  write("difference", shift ? shift->difference : 0);
  write("low", shift ? shift->low : 0);
  write("high", shift ? shift->high : 0);
  json.Key("verdict").String(
      analytics::VerdictName(shift ? shift->verdict : Verdict::kNotEnoughData));
}

void WriteFigure(std::string_view name, const Basket& a, const Basket& b, FigureOf figure_of,
                 base::JsonWriter& json) {
  const std::vector<double> first = Sorted(a.newest.runs, figure_of);
  const std::vector<double> second = Sorted(b.newest.runs, figure_of);
  const auto shift = analytics::CompareSamples(first, second);
  json.Key(name).BeginObject();
  WriteSummary("a", first, json);
  WriteSummary("b", second, json);
  WriteShift(shift, 1, json);
  json.Key("p");
  if (shift) {
    json.Double(shift->p);
  } else {
    json.Null();
  }
  json.Key("test").String("mann_whitney");
  json.EndObject();
}

analytics::Part FailedOf(const Runs& runs) {
  analytics::Part failed;
  for (const model::RunRecord& run : runs) {
    failed.whole += HasEnded(run) ? 1 : 0;
    failed.part += run.status == model::RunStatus::kFailed ? 1 : 0;
  }
  return failed;
}

void WriteFailureRate(const Basket& a, const Basket& b, base::JsonWriter& json) {
  const std::array<analytics::Part, 2> parts = {FailedOf(a.newest.runs), FailedOf(b.newest.runs)};
  json.Key("failure_rate").BeginObject();
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const analytics::ShareInterval share =
        analytics::IntervalOfShare(parts[i].part, parts[i].whole);
    json.Key(i == 0 ? "a" : "b").BeginObject();
    json.Key("runs").Int(parts[i].whole);
    json.Key("failed").Int(parts[i].part);
    json.Key("value").Double(Percent(parts[i].part, parts[i].whole));
    json.Key("low").Double(100 * share.low);
    json.Key("high").Double(100 * share.high);
    json.EndObject();
  }
  WriteShift(analytics::CompareRates(parts[0], parts[1]), 100, json);
  json.Key("test").String("score_interval");
  json.EndObject();
}

std::size_t CountSearched(const Basket& basket) {
  return std::min(basket.newest.runs.size(), kMostSearched);
}

void WriteWhatDiffers(const Basket& a, const Basket& b,
                      const std::vector<analytics::RunColumn>& columns, base::JsonWriter& json) {
  const Runs runs = BasketRuns(a, b);
  std::vector<bool> is_of_a(CountSearched(a), true);
  is_of_a.resize(runs.size(), false);
  std::vector<bool> is_of_b = is_of_a;
  is_of_b.flip();
  for (const auto& [name, is_selected] :
       {std::pair("more_in_a", &is_of_a), std::pair("more_in_b", &is_of_b)}) {
    WriteDifferences(name, analytics::FindDifferences(columns, *is_selected), columns, runs, json);
  }
  json.Key("searched_runs").Uint(runs.size());
}

void WriteBasket(std::string_view name, const Basket& basket, base::JsonWriter& json) {
  json.Key(name).BeginObject();
  json.Key("filter").String(basket.filter);
  json.Key("runs").Uint(basket.newest.runs.size());
  json.Key("has_more").Bool(basket.newest.has_more);
  WriteTime(json, "first_start_time",
            basket.newest.runs.empty() ? 0 : basket.newest.runs.back().start_ns);
  WriteTime(json, "last_start_time",
            basket.newest.runs.empty() ? 0 : basket.newest.runs.front().start_ns);
  json.EndObject();
}

std::size_t CountShared(const Runs& a, const Runs& b) {
  std::unordered_set<model::TraceId, model::TraceIdHasher> ids;
  for (const model::RunRecord& run : a) {
    ids.insert(run.trace_id);
  }
  return static_cast<std::size_t>(std::count_if(
      b.begin(), b.end(), [&](const model::RunRecord& run) { return ids.contains(run.trace_id); }));
}

void WriteMessage(const Basket& a, const Basket& b, base::JsonWriter& json) {
  json.Key("message");
  if (a.newest.runs.empty() || b.newest.runs.empty()) {
    json.String(fmt::format("no run matches {}", a.newest.runs.empty() ? "a" : "b"));
  } else {
    json.Null();
  }
}

}  // namespace

std::vector<model::RunRecord> BasketRuns(const Basket& a, const Basket& b) {
  Runs runs;
  for (const Basket* basket : {&a, &b}) {
    const auto begin = basket->newest.runs.begin();
    runs.insert(runs.end(), begin, begin + static_cast<std::ptrdiff_t>(CountSearched(*basket)));
  }
  return runs;
}

void WriteBasketComparison(const Basket& a, const Basket& b,
                           const std::vector<analytics::RunColumn>& columns,
                           base::JsonWriter& json) {
  WriteBasket("a", a, json);
  WriteBasket("b", b, json);
  json.Key("in_both").Uint(CountShared(a.newest.runs, b.newest.runs));
  WriteMessage(a, b, json);
  json.Key("figures").BeginObject();
  WriteFigure("duration", a, b, DurationOf, json);
  WriteFigure("total_tokens", a, b, TokensOf, json);
  WriteFigure("cost", a, b, CostOf, json);
  json.EndObject();
  WriteFailureRate(a, b, json);
  WriteWhatDiffers(a, b, columns, json);
}

}  // namespace sightline::api
