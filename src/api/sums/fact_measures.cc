// SPDX-License-Identifier: Apache-2.0
#include "api/sums/fact_measures.h"

#include <algorithm>
#include <array>
#include <cstdint>

#include "api/request/json_fields.h"
#include "api/sums/fact_figures.h"
#include "model/kinds.h"

namespace sightline::api {
namespace {

using query::FactGroup;

constexpr std::string_view kDollars = "USD";

double LatencyAt(const FactGroup& group, double share) {
  return Seconds(group.latency.Quantile(share));
}

constexpr std::array<FactMeasure, 19> kMeasures = {{
    {.name = "count",
     .unit = "1",
     .description = "Runs, or steps.",
     .whole = [](const FactGroup& group) { return group.sums.count; }},
    {.name = "failed",
     .unit = "1",
     .description = "Those that failed.",
     .whole = [](const FactGroup& group) { return group.sums.failed; }},
    {.name = "failure_rate",
     .unit = "%",
     .description = "Failed ones of all.",
     .number = [](const FactGroup& group) { return Percent(group.sums.failed, group.sums.count); }},
    {.name = "calls",
     .unit = "1",
     .description = "Calls of models.",
     .whole = [](const FactGroup& group) { return group.sums.model_calls; }},
    {.name = "unpriced_calls",
     .unit = "1",
     .description = "Calls whose price is not known.",
     .whole = [](const FactGroup& group) { return group.sums.unpriced_calls; }},
    {.name = "tokens",
     .unit = "{token}",
     .description = "Input and output.",
     .whole = [](const FactGroup& group) { return TokensOf(group.sums); }},
    {.name = "input_tokens",
     .unit = "{token}",
     .description = "All input, from a cache or not.",
     .whole = [](const FactGroup& group) { return group.sums.input_tokens; }},
    {.name = "cache_read_tokens",
     .unit = "{token}",
     .description = "Input that came from a cache.",
     .whole = [](const FactGroup& group) { return group.sums.cache_read_tokens; }},
    {.name = "cache_write_tokens",
     .unit = "{token}",
     .description = "Input that was written to a cache.",
     .whole = [](const FactGroup& group) { return group.sums.cache_write_tokens; }},
    {.name = "output_tokens",
     .unit = "{token}",
     .description = "All output, with reasoning.",
     .whole = [](const FactGroup& group) { return group.sums.output_tokens; }},
    {.name = "reasoning_tokens",
     .unit = "{token}",
     .description = "Output that was reasoning.",
     .whole = [](const FactGroup& group) { return group.sums.reasoning_tokens; }},
    {.name = "cost",
     .unit = kDollars,
     .description = "Of calls with a known price.",
     .whole = [](const FactGroup& group) { return group.sums.cost_picodollars; }},
    {.name = "average_cost",
     .unit = kDollars,
     .description = "Known cost by count; too low where calls are unpriced.",
     .whole =
         [](const FactGroup& group) {
           return group.sums.count <= 0 ? std::int64_t{0}
                                        : group.sums.cost_picodollars / group.sums.count;
         }},
    {.name = "duration",
     .unit = "s",
     .description = "Sum of durations.",
     .number = [](const FactGroup& group) { return group.sums.duration_seconds; }},
    {.name = "average_duration",
     .unit = "s",
     .description = "Mean of durations.",
     .number =
         [](const FactGroup& group) {
           return Average(group.sums.duration_seconds, group.sums.count);
         }},
    {.name = "p50_duration",
     .unit = "s",
     .description = "Half take no longer; within 1 %.",
     .needs_latency = true,
     .number = [](const FactGroup& group) { return LatencyAt(group, 0.5); }},
    {.name = "p90_duration",
     .unit = "s",
     .description = "Nine of ten take no longer; within 1 %.",
     .needs_latency = true,
     .number = [](const FactGroup& group) { return LatencyAt(group, 0.9); }},
    {.name = "p95_duration",
     .unit = "s",
     .description = "19 of 20 take no longer; within 1 %.",
     .needs_latency = true,
     .number = [](const FactGroup& group) { return LatencyAt(group, 0.95); }},
    {.name = "p99_duration",
     .unit = "s",
     .description = "99 of 100 take no longer; within 1 %.",
     .needs_latency = true,
     .number = [](const FactGroup& group) { return LatencyAt(group, 0.99); }},
}};

}  // namespace

std::span<const FactMeasure> FactMeasures() {
  return kMeasures;
}

const FactMeasure* FindMeasure(std::string_view name) {
  const auto* const found =
      std::find_if(kMeasures.begin(), kMeasures.end(),
                   [&](const FactMeasure& measure) { return measure.name == name; });
  return found == kMeasures.end() ? nullptr : found;
}

void WriteMeasure(const FactMeasure& measure, const FactGroup& group, base::JsonWriter& json) {
  json.Key(measure.name);
  if (measure.whole == nullptr) {
    json.Double(measure.number(group));
  } else if (measure.unit != kDollars) {
    json.Int(measure.whole(group));
  } else if (CostStatusOf(group.sums) == model::CostStatus::kUnpriced) {
    json.Null();
  } else {
    json.Pico(measure.whole(group));
  }
}

}  // namespace sightline::api
