// SPDX-License-Identifier: Apache-2.0
#include "api/cost/spending.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "analytics/forecast/forecast.h"
#include "api/analyses/forecast_json.h"

namespace sightline::api {
namespace {

constexpr std::size_t kMostDaysAhead = 92;
constexpr std::size_t k80 = 1;  // In kBandLevels.

analytics::Forecast SumsAhead(const FactSeries& days, Measure measure, std::size_t horizon) {
  const std::vector<double> values = days.Values(measure);
  analytics::ForecastRequest request = RequestOf(values, days, horizon);
  request.of = analytics::ForecastOf::kRunningSums;
  return analytics::MakeForecast(request);
}

std::chrono::year_month_day DateAt(const Period& period, std::int64_t time_ns) {
  const std::chrono::sys_time<std::chrono::nanoseconds> time{
      std::chrono::nanoseconds(time_ns + period.utc_offset_ns)};
  return {std::chrono::floor<std::chrono::days>(time)};
}

// What is not known of the measure adds nothing: the sum is of what is known.
double Known(double value) {
  return std::isnan(value) ? 0 : value;
}

void WriteDay(std::string_view name, const std::vector<double>& sums, double amount,
              const FactSeries& days, const Period& period, base::JsonWriter& json) {
  json.Key(name);
  const auto reached =
      std::find_if(sums.begin(), sums.end(), [amount](double sum) { return sum >= amount; });
  if (reached == sums.end()) {
    json.Null();
    return;
  }
  const auto day = static_cast<std::size_t>(reached - sums.begin());
  json.String(period.DateOf(days.TimeOf(days.sums.size() + day)));
}

}  // namespace

void WriteMonthEnd(const FactSeries& days, Measure measure, const Period& period,
                   base::JsonWriter& json) {
  const std::chrono::year_month_day today = DateAt(period, days.end_ns);
  const std::chrono::year_month_day last = today.year() / today.month() / std::chrono::last;
  const auto left = static_cast<std::size_t>(unsigned{last.day()} - unsigned{today.day()}) + 1;
  const analytics::Forecast ahead = SumsAhead(days, measure, left);
  json.Key("month_end");
  if (ahead.mean.empty()) {
    json.Null();
    return;
  }
  double whole_days = 0;
  const std::size_t passed = std::min<std::size_t>(unsigned{today.day()} - 1, days.sums.size());
  for (std::size_t i = days.sums.size() - passed; i < days.sums.size(); ++i) {
    whole_days += Known(ValueOf(days.sums[i], measure));
  }
  const double so_far = whole_days + Known(ValueOf(days.unfinished, measure));
  // What has come today already cannot be undone.
  const auto at_least = [&](double sum) { return std::max(so_far, whole_days + sum); };
  json.BeginObject();
  json.Key("month").String(period.DateOf(days.end_ns).substr(0, 7));
  json.Key("basis").String(BasisName(ahead.basis));
  json.Key("so_far").Double(so_far);
  json.Key("expected").Double(at_least(ahead.mean.back()));
  json.Key("low").Double(at_least(ahead.bands[k80].lower.back()));
  json.Key("high").Double(at_least(ahead.bands[k80].upper.back()));
  json.EndObject();
}

void WriteExhaustion(const FactSeries& days, Measure measure, const Period& period,
                     std::optional<double> amount, base::JsonWriter& json) {
  json.Key("exhaustion");
  // A sixth of the past leaves enough moments in it to check the forecast on.
  const std::size_t horizon = std::clamp<std::size_t>(days.sums.size() / 6, 7, kMostDaysAhead);
  const analytics::Forecast ahead =
      amount ? SumsAhead(days, measure, horizon) : analytics::Forecast();
  if (ahead.mean.empty()) {
    json.Null();
    return;
  }
  json.BeginObject();
  json.Key("amount").Double(*amount);
  json.Key("basis").String(BasisName(ahead.basis));
  WriteDay("expected_on", ahead.mean, *amount, days, period, json);
  WriteDay("earliest_on", ahead.bands[k80].upper, *amount, days, period, json);
  WriteDay("latest_on", ahead.bands[k80].lower, *amount, days, period, json);
  json.Key("looked_until").String(period.DateOf(days.TimeOf(days.sums.size() + horizon - 1)));
  json.EndObject();
}

}  // namespace sightline::api
