// SPDX-License-Identifier: Apache-2.0
#include "api/analyses/forecast_api.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "analytics/forecast/forecast.h"
#include "analytics/remaining.h"
#include "api/analyses/forecast_json.h"
#include "api/cost/spending.h"
#include "api/request/answers.h"
#include "api/request/json_fields.h"
#include "api/request/query_deadline.h"
#include "api/runs/run_pages.h"
#include "api/sums/fact_figures.h"
#include "base/time_text.h"
#include "model/run_status.h"
#include "model/saturating.h"

namespace sightline::api {
namespace {

using analytics::Forecast;
using analytics::ForecastBasis;
using query::FactKey;
using query::FactSums;

constexpr std::int64_t kHourNs = 3'600'000'000'000;
// Days of history that are read when none are asked for: enough for the seasons of a week.
constexpr int kDaysOfHours = 28;
constexpr int kDaysOfDays = 180;
constexpr std::size_t kMostHorizon = 168;
constexpr double kMostAmount = 1e9;
// The newest runs tell what is left of one.
constexpr std::size_t kMostPastRuns = 2'000;

template <typename Number>
bool ReadsAs(const std::string& text, Number& number) {
  const char* const end = text.data() + text.size();
  const auto [read_to, error] = std::from_chars(text.data(), end, number);
  return error == std::errc() && read_to == end;
}

void WriteBands(const Forecast& forecast, std::size_t step, base::JsonWriter& json) {
  constexpr std::string_view kNames[] = {"p50", "p80", "p95"};
  for (std::size_t i = 0; i < std::size(kNames); ++i) {
    json.Key(kNames[i]).BeginObject();
    json.Key("low").Double(forecast.bands[i].lower[step]);
    json.Key("high").Double(forecast.bands[i].upper[step]);
    json.EndObject();
  }
}

// Why there is no forecast, or none to rely on; null when there is.
void WriteMessage(const Forecast& forecast, const FactSeries& series, Measure measure,
                  base::JsonWriter& json) {
  json.Key("message");
  if (forecast.basis == ForecastBasis::kOwnPast) {
    json.Null();
  } else if (series.Total().count == 0) {
    json.String("no run started in a whole step of the period");
  } else if (forecast.basis == ForecastBasis::kNothing) {
    json.String(fmt::format("the {} of the runs in the period is not known", MeasureName(measure)));
  } else {
    json.String(
        fmt::format("{} known steps: too few to check a forecast of {} steps on their own past, so "
                    "its bands are a rule of thumb",
                    forecast.used_values, forecast.mean.size()));
  }
}

// A share cannot leave 0 to 100, whatever the forecast says.
void KeepInRange(Measure measure, Forecast& forecast) {
  if (measure != Measure::kFailureRate) {
    return;
  }
  const auto keep = [](std::vector<double>& values) {
    for (double& value : values) {
      value = std::clamp(value, 0.0, 100.0);
    }
  };
  keep(forecast.mean);
  for (analytics::ForecastBand& band : forecast.bands) {
    keep(band.lower);
    keep(band.upper);
  }
}

void WriteQuantiles(std::string_view name,
                    const std::optional<analytics::RemainingQuantiles>& quantiles,
                    base::JsonWriter& json) {
  json.Key(name);
  if (!quantiles) {
    json.Null();
    return;
  }
  json.BeginObject();
  json.Key("p50").Double(quantiles->p50);
  json.Key("p80").Double(quantiles->p80);
  json.Key("p95").Double(quantiles->p95);
  json.EndObject();
}

// What a run has cost, if that is wholly known. A run without model calls has cost nothing.
std::optional<double> KnownCost(const model::RunRecord& run) {
  switch (run.cost_status) {
    case model::CostStatus::kNone:
      return run.model_calls == 0 ? std::optional<double>(0) : std::nullopt;
    case model::CostStatus::kPriced:
    case model::CostStatus::kReported:
      return run.cost.dollars();
    case model::CostStatus::kPartial:
    case model::CostStatus::kUnpriced:
      return std::nullopt;
  }
  return std::nullopt;
}

}  // namespace

struct ForecastApi::Question {
  Measure measure = Measure::kCost;
  std::int64_t step_ns = Period::kDayNs;
  std::size_t horizon = 7;
  std::optional<double> amount;
  std::optional<std::string> workflow_id;
  Period period;
  std::int64_t now_ns = 0;  // What came after is not looked at.

  static base::Result<Question> Read(const Parameters& parameters, const base::Clock& clock);
};

base::Result<ForecastApi::Question> ForecastApi::Question::Read(const Parameters& parameters,
                                                                const base::Clock& clock) {
  Question question;
  const auto measure = ParseMeasure(parameters.Text("measure").value_or("cost"));
  if (!measure) {
    return BadParameter("measure", "runs, cost, tokens, duration or failure_rate");
  }
  question.measure = *measure;
  const std::string step = parameters.Text("step").value_or("day");
  if (step != "day" && step != "hour") {
    return BadParameter("step", "hour or day");
  }
  question.step_ns = step == "day" ? Period::kDayNs : kHourNs;
  question.horizon = step == "day" ? 7 : 24;
  if (const auto text = parameters.Text("horizon")) {
    if (!ReadsAs(*text, question.horizon) || question.horizon < 1 ||
        question.horizon > kMostHorizon) {
      return BadParameter("horizon", fmt::format("a number from 1 to {}", kMostHorizon));
    }
  }
  if (const auto text = parameters.Text("amount")) {
    double amount = 0;
    if (!ReadsAs(*text, amount) || !std::isfinite(amount) || amount < 0 || amount > kMostAmount) {
      return BadParameter("amount", fmt::format("a number from 0 to {:.0f}", kMostAmount));
    }
    if (!AddsUp(question.measure)) {
      return BadParameter("amount", "a measure that adds up (runs, cost or tokens)");
    }
    question.amount = amount;
  }
  question.workflow_id = parameters.Text("workflow_id");
  question.period =
      TRY(Period::Read(parameters, clock, step == "day" ? kDaysOfDays : kDaysOfHours));
  question.now_ns = std::min(clock.NowNs(), question.period.end_ns);
  return question;
}

query::FactQuery ForecastApi::RunsBy(std::int64_t step_ns, const Question& question) {
  query::FactQuery query;
  query.of_runs = true;
  query.start_time_ns = question.period.start_ns;
  query.end_time_ns = question.period.end_ns;
  query.filter(FactKey::kWorkflow) = question.workflow_id;
  query.bucket_ns = step_ns;
  query.bucket_offset_ns = -question.period.utc_offset_ns;
  return query;
}

void ForecastApi::WriteSpending(const Question& question, const FactSeries& days,
                                base::JsonWriter& json) {
  if (!AddsUp(question.measure)) {
    json.Key("month_end").Null();
    json.Key("exhaustion").Null();
    return;
  }
  WriteMonthEnd(days, question.measure, question.period, json);
  WriteExhaustion(days, question.measure, question.period, question.amount, json);
}

base::Result<std::string> ForecastApi::Json(const net::HttpRequest& request) const {
  const Question question = TRY(Question::Read(Parameters(request.query), clock_));
  const std::array<query::FactQuery, 2> queries = {RunsBy(question.step_ns, question),
                                                   RunsBy(Period::kDayNs, question)};
  const std::vector<store::FactAnswer> answers =
      TRY(store_.SumFacts(queries, DeadlineAfter(query_timeout_)));
  const FactSeries series = SeriesOf(queries[0], answers[0], question.now_ns);
  const std::vector<double> values = series.Values(question.measure);
  const analytics::ForecastRequest asked = RequestOf(values, series, question.horizon);
  auto [forecast, backtest] = analytics::MakeCheckedForecast(asked);
  KeepInRange(question.measure, forecast);
  base::JsonWriter json;
  json.BeginObject();
  json.Key("measure").String(MeasureName(question.measure));
  json.Key("unit").String(UnitOf(question.measure));
  WriteText(json, "workflow_id", question.workflow_id.value_or(""));
  json.Key("step").String(question.step_ns == Period::kDayNs ? "day" : "hour");
  json.Key("basis").String(BasisName(forecast.basis));
  WriteMessage(forecast, series, question.measure, json);
  json.Key("history").BeginObject();
  json.Key("start").String(base::FormatTimeNs(series.start_ns));
  json.Key("end").String(base::FormatTimeNs(series.end_ns));
  json.Key("steps").Uint(values.size());
  json.Key("known_steps").Uint(forecast.used_values);
  json.EndObject();
  json.Key("seasons").BeginArray();
  for (const std::size_t season : forecast.seasons) {
    json.Uint(season);
  }
  json.EndArray();
  json.Key("forecast").BeginArray();
  for (std::size_t step = 0; step < forecast.mean.size(); ++step) {
    json.BeginObject();
    json.Key("time").String(base::FormatTimeNs(series.TimeOf(values.size() + step)));
    json.Key("mean").Double(forecast.mean[step]);
    WriteBands(forecast, step, json);
    json.EndObject();
  }
  json.EndArray();
  WriteBacktest(backtest, json);
  FactSums all = series.Total();
  all.Add(series.unfinished);
  json.Key("cost_status").String(model::CostStatusName(CostStatusOf(all)));
  json.Key("unpriced_calls").Int(all.unpriced_calls);
  WriteSpending(question, SeriesOf(queries[1], answers[1], question.now_ns), json);
  json.EndObject();
  return json.Take();
}

base::Result<model::RunRecord> ForecastApi::RunOf(const std::string& id) const {
  store::RunPage page =
      TRY(store_.ListRuns({.execution_id = id, .limit = 1}, DeadlineAfter(query_timeout_)));
  if (page.runs.empty()) {
    return base::Error(base::Code::kNotFound, fmt::format("run {} is not known", id));
  }
  return std::move(page.runs.front());
}

base::Result<std::string> ForecastApi::RemainingJson(const net::HttpRequest& request) const {
  const model::RunRecord run = TRY(RunOf(std::string(request.PathParameter("trace_id"))));
  const bool is_running = run.status == model::RunStatus::kRunning;
  const std::int64_t until_ns = is_running ? clock_.NowNs() : run.end_ns;
  const analytics::RunSoFar so_far{.seconds = Seconds(model::DurationNs(run.start_ns, until_ns)),
                                   .cost = KnownCost(run),
                                   .steps = run.step_count};
  std::vector<analytics::PastRun> past;
  if (is_running) {
    const auto completed = TRY(ReadNewestRuns(
        store_, {.workflow_id = run.workflow_id, .status = model::RunStatus::kCompleted},
        kMostPastRuns, DeadlineAfter(query_timeout_)));
    for (const model::RunRecord& other : completed.runs) {
      past.push_back({.seconds = Seconds(model::DurationNs(other.start_ns, other.end_ns)),
                      .cost = KnownCost(other),
                      .steps = other.step_count});
    }
  }
  const analytics::Remaining left = analytics::RemainingOf(so_far, past);
  base::JsonWriter json;
  json.BeginObject();
  json.Key("trace_id").String(run.trace_id.ToHex());
  json.Key("workflow_id").String(run.workflow_id);
  json.Key("status").String(model::RunStatusName(run.status));
  json.Key("elapsed").Double(so_far.seconds);
  json.Key("based_on_runs").Uint(left.past_runs);
  json.Key("comparable_runs").Uint(left.comparable_runs);
  WriteQuantiles("remaining", left.seconds, json);
  WriteQuantiles("remaining_cost", left.cost, json);
  WriteCost(json, run.cost.picodollars, run.cost_status);
  json.Key("message");
  if (!is_running) {
    json.String("the run is over");
  } else if (!left.seconds) {
    json.String(fmt::format(
        "of {} completed runs of this workflow {} took longer and as many steps: too few to tell",
        left.past_runs, left.comparable_runs));
  } else {
    json.Null();
  }
  json.EndObject();
  return json.Take();
}

net::HttpResponse ForecastApi::Get(const net::HttpRequest& request) const {
  return JsonAnswer(Json(request));
}

net::HttpResponse ForecastApi::Remaining(const net::HttpRequest& request) const {
  return JsonAnswer(RemainingJson(request));
}

}  // namespace sightline::api
