// SPDX-License-Identifier: Apache-2.0
#include "api/analyses/forecast_json.h"

#include <cmath>
#include <cstdint>
#include <iterator>
#include <vector>

#include "api/sums/fact_figures.h"

namespace sightline::api {
namespace {

using analytics::ForecastBasis;

constexpr std::size_t kDaysAhead = 7;
constexpr std::size_t k80 = 1;  // In kBandLevels.
constexpr std::int64_t kSecondNs = 1'000'000'000;

double RoundedCoverage(double share) {
  return std::round(share * 1e4) / 1e4;
}

// Empty when nothing is known of the measure.
std::vector<double> MeanAhead(const FactSeries& days, Measure measure) {
  const std::vector<double> values = days.Values(measure);
  return analytics::MakeForecast(RequestOf(values, days, kDaysAhead)).mean;
}

void WriteAt(std::string_view name, const std::vector<double>& values, std::size_t step,
             base::JsonWriter& json) {
  json.Key(name);
  if (values.empty()) {
    json.Null();
  } else {
    json.Double(values[step]);
  }
}

}  // namespace

std::string_view BasisName(ForecastBasis basis) {
  switch (basis) {
    case ForecastBasis::kNothing:
      return "nothing";
    case ForecastBasis::kLittleData:
      return "little_data";
    case ForecastBasis::kOwnPast:
      return "own_past";
  }
  return "";
}

analytics::ForecastRequest RequestOf(std::span<const double> values, const FactSeries& series,
                                     std::size_t horizon) {
  return {.values = values,
          .step_seconds = series.step_ns / kSecondNs,
          .horizon = horizon,
          .levels = {std::begin(kBandLevels), std::end(kBandLevels)}};
}

void WriteBacktest(const std::optional<analytics::Backtest>& backtest, base::JsonWriter& json) {
  json.Key("backtest");
  if (!backtest) {
    json.Null();
    return;
  }
  json.BeginObject();
  json.Key("origins").Uint(backtest->origins);
  json.Key("compared_values").Uint(backtest->compared_values);
  json.Key("mean_absolute_error").Double(backtest->mean_absolute_error);
  json.Key("naive_error").Double(backtest->naive_error);
  json.Key("mase").Double(backtest->mase.value_or(std::nan("")));
  json.Key("coverage_50").Double(RoundedCoverage(backtest->coverage[0].share));
  json.Key("coverage_80").Double(RoundedCoverage(backtest->coverage[1].share));
  json.Key("coverage_95").Double(RoundedCoverage(backtest->coverage[2].share));
  json.EndObject();
}

void WriteWeekAhead(const FactSeries& days, const Period& period, base::JsonWriter& json) {
  const std::vector<double> runs = days.Values(Measure::kRuns);
  const analytics::ForecastRequest request = RequestOf(runs, days, kDaysAhead);
  const auto [forecast, backtest] = analytics::MakeCheckedForecast(request);
  query::FactSums all = days.Total();
  all.Add(days.unfinished);
  const bool is_unpriced = CostStatusOf(all) == model::CostStatus::kUnpriced;
  const std::vector<double> cost =
      is_unpriced ? std::vector<double>() : MeanAhead(days, Measure::kCost);
  const std::vector<double> tokens = MeanAhead(days, Measure::kTokens);
  json.Key("forecast_basis").String(BasisName(forecast.basis));
  json.Key("forecast").BeginArray();
  for (std::size_t step = 0; step < forecast.mean.size(); ++step) {
    json.BeginObject();
    json.Key("date").String(period.DateOf(days.TimeOf(runs.size() + step)));
    WriteAt("runs", forecast.mean, step, json);
    WriteAt("cost", cost, step, json);
    WriteAt("tokens", tokens, step, json);
    WriteAt("low", forecast.bands[k80].lower, step, json);
    WriteAt("high", forecast.bands[k80].upper, step, json);
    json.EndObject();
  }
  json.EndArray();
  WriteBacktest(backtest, json);
  json.Key("cost_status").String(model::CostStatusName(CostStatusOf(all)));
  json.Key("unpriced_calls").Int(all.unpriced_calls);
}

}  // namespace sightline::api
