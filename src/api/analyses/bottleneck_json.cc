// SPDX-License-Identifier: Apache-2.0
#include "api/analyses/bottleneck_json.h"

#include <algorithm>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <unordered_set>
#include <utility>

#include "analytics/bottlenecks/retiming.h"
#include "analytics/critical_path/span_tree.h"
#include "api/request/json_fields.h"
#include "api/runs/span_document.h"
#include "api/runs/step_text.h"
#include "api/sums/fact_figures.h"
#include "model/rope.h"
#include "normalize/messages.h"

namespace sightline::api {
namespace {

using analytics::BottleneckSums;
using analytics::RepeatedSums;
using analytics::SerialSums;
using analytics::StepSums;

constexpr std::size_t kMostSerialCalls = 200;
constexpr std::size_t kMostListed = 100;

double Share(std::int64_t part, std::int64_t whole) {
  return whole <= 0 ? 0 : static_cast<double>(part) / static_cast<double>(whole);
}

double PerRun(std::int64_t part, std::size_t runs) {
  return runs == 0 ? 0 : static_cast<double>(part) / static_cast<double>(runs);
}

model::Conversation ConversationOf(const model::Span& span, const Bodies& bodies) {
  const SpanDocument document(span, {}, bodies);
  return normalize::ExtractConversation(document.source(span.kind, span.dialect));
}

// Entries by the value that `weight` takes of them, the most first; those of zero are left out.
template <typename Key, typename Sums, typename Weight>
std::vector<std::pair<Key, const Sums*>> Heaviest(const std::map<Key, Sums>& all, Weight&& weight) {
  std::vector<std::pair<Key, const Sums*>> entries;
  for (const auto& [key, sums] : all) {
    if (weight(sums) > 0) {
      entries.emplace_back(key, &sums);
    }
  }
  std::stable_sort(entries.begin(), entries.end(), [&](const auto& a, const auto& b) {
    return weight(*a.second) > weight(*b.second);
  });
  entries.resize(std::min(entries.size(), kMostListed));
  return entries;
}

void WritePath(const BottleneckSums& all, base::JsonWriter& json) {
  json.Key("critical_path").BeginArray();
  for (const auto& [name, step] :
       Heaviest(all.steps(), [](const StepSums& sums) { return sums.path_ns; })) {
    json.BeginObject();
    json.Key("step_name").String(name);
    json.Key("share_of_time").Double(Share(step->path_ns, all.duration_ns()));
    json.Key("share_of_cost");
    if (all.picodollars() > 0) {
      json.Double(Share(step->picodollars, all.picodollars()));
    } else {
      json.Null();
    }
    json.Key("runs").Uint(step->runs);
    json.Key("time_per_run").Double(PerRun(step->path_ns, all.runs()) / 1e9);
    json.Key("average_slack").Double(PerRun(step->slack_ns, step->slack_calls) / 1e9);
    json.Key("shorter_if_half_as_long").Double(Share(step->saved_if_half_ns, all.duration_ns()));
    json.EndObject();
  }
  json.EndArray();
}

void WriteSelf(const BottleneckSums& all, base::JsonWriter& json) {
  json.Key("self_time").BeginArray();
  for (const auto& [name, step] :
       Heaviest(all.steps(), [](const StepSums& sums) { return sums.self_ns; })) {
    json.BeginObject();
    json.Key("step_name").String(name);
    json.Key("share").Double(Share(step->self_ns, all.self_ns()));
    json.Key("time_per_run").Double(PerRun(step->self_ns, all.runs()) / 1e9);
    json.Key("calls").Uint(step->calls);
    json.EndObject();
  }
  json.EndArray();
}

void WriteSerial(const BottleneckSums& all, base::JsonWriter& json) {
  json.Key("serial_calls_that_could_be_parallel").BeginArray();
  for (const auto& [names, serial] :
       Heaviest(all.serial(), [](const SerialSums& sums) { return sums.saved_ns; })) {
    json.BeginObject();
    json.Key("first").String(names.first);
    json.Key("second").String(names.second);
    json.Key("calls").Uint(serial->calls);
    json.Key("runs").Uint(serial->runs.size());
    json.Key("shorter_if_parallel").Double(Share(serial->saved_ns, all.duration_ns()));
    json.Key("saved_time").Double(Seconds(serial->saved_ns));
    json.EndObject();
  }
  json.EndArray();
}

void WriteRepeated(std::string_view key, const std::map<std::string, RepeatedSums>& repeated,
                   base::JsonWriter& json) {
  json.Key(key).BeginArray();
  for (const auto& [name, sums] :
       Heaviest(repeated, [](const RepeatedSums& one) { return one.calls; })) {
    json.BeginObject();
    json.Key("step_name").String(name);
    json.Key("calls").Uint(sums->calls);
    json.Key("runs").Uint(sums->runs.size());
    json.Key("wasted_time").Double(Seconds(sums->wasted_ns));
    const bool is_priced = sums->picodollars > 0;
    WriteCost(json, sums->picodollars,
              sums->has_unknown_cost
                  ? (is_priced ? model::CostStatus::kPartial : model::CostStatus::kUnpriced)
                  : (is_priced ? model::CostStatus::kPriced : model::CostStatus::kNone));
    json.EndObject();
  }
  json.EndArray();
}

}  // namespace

base::Result<std::vector<analytics::SerialCalls>> IndependentCalls(
    store::SpanStore& store, const TraceLoader& loader, const analytics::TraceView& view,
    const analytics::ProfiledRun& run) {
  const analytics::SpanTree tree(run.times, run.root);
  const analytics::Retiming retiming(tree);
  std::vector<analytics::SerialCalls> serial = FindSerialCalls(run, retiming);
  serial.resize(std::min(serial.size(), kMostSerialCalls));
  std::unordered_set<std::uint64_t> wanted;
  for (const auto& [first, second] : serial) {
    for (const std::size_t span : {first, second}) {
      model::ForEachBodyId(view.spans[span].content, [&](std::uint64_t id) { wanted.insert(id); });
    }
  }
  const std::vector<std::uint64_t> ids(wanted.begin(), wanted.end());
  const base::Result<Bodies> bodies = store.LoadBodies(ids, loader.Deadline());
  if (!bodies.has_value()) {
    return bodies.error();
  }
  std::erase_if(serial, [&](const analytics::SerialCalls& calls) {
    const model::Conversation first = ConversationOf(view.spans[calls.first], *bodies);
    const model::Conversation second = ConversationOf(view.spans[calls.second], *bodies);
    return !analytics::IsIndependent(InputTextOf(first), OutputTextOf(first), InputTextOf(second));
  });
  return serial;
}

void WriteBottleneckSums(const BottleneckSums& sums, base::JsonWriter& json) {
  WritePath(sums, json);
  WriteSelf(sums, json);
  WriteSerial(sums, json);
  WriteRepeated("retries", sums.attempts(), json);
  WriteRepeated("repeated_calls", sums.repeats(), json);
  WriteText(json, "cost_status",
            model::CostStatusName(sums.has_unknown_cost()
                                      ? (sums.picodollars() > 0 ? model::CostStatus::kPartial
                                                                : model::CostStatus::kUnpriced)
                                      : (sums.picodollars() > 0 ? model::CostStatus::kPriced
                                                                : model::CostStatus::kNone)));
}

}  // namespace sightline::api
