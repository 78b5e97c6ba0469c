// SPDX-License-Identifier: Apache-2.0
#include "repricing/job.h"

#include <algorithm>

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <boost/system/error_code.hpp>
#include <fmt/format.h>

#include "model/kinds.h"
#include "model/saturating.h"

namespace sightline::repricing {
namespace {

namespace json = boost::json;

base::Error NotOne() {
  return {base::Code::kDataLoss, "what is stored of a repricing is damaged"};
}

base::Result<json::object> ParseObject(std::string_view text) {
  boost::system::error_code error;
  json::value value = json::parse(text, error);
  if (error || !value.is_object()) {
    return NotOne();
  }
  return std::move(value.get_object());
}

std::int64_t Int(const json::object& object, std::string_view name) {
  const json::value* value = object.if_contains(name);
  return value != nullptr && value->is_int64() ? value->get_int64() : 0;
}

std::string Text(const json::object& object, std::string_view name) {
  const json::value* value = object.if_contains(name);
  return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string();
}

void WriteDifference(const Difference& difference, base::JsonWriter& writer) {
  writer.BeginObject();
  writer.Key("runs").Int(difference.runs);
  writer.Key("changed_runs").Int(difference.changed_runs);
  writer.Key("models").BeginObject();
  for (const auto& [name, model] : difference.models) {
    writer.Key(name).BeginObject();
    writer.Key("calls").Int(model.calls);
    writer.Key("old_cost").Int(model.old_cost);
    writer.Key("new_cost").Int(model.new_cost);
    writer.Key("unpriced_before").Int(model.unpriced_before);
    writer.Key("unpriced_after").Int(model.unpriced_after);
    writer.EndObject();
  }
  writer.EndObject();
  writer.EndObject();
}

base::Result<Difference> ReadDifference(const json::object& object) {
  Difference difference{
      .runs = Int(object, "runs"), .changed_runs = Int(object, "changed_runs"), .models = {}};
  const json::value* models = object.if_contains("models");
  if (models == nullptr || !models->is_object()) {
    return NotOne();
  }
  for (const auto& [name, value] : models->get_object()) {
    if (!value.is_object()) {
      return NotOne();
    }
    const json::object& model = value.get_object();
    difference.models[std::string(name)] = {.calls = Int(model, "calls"),
                                            .old_cost = Int(model, "old_cost"),
                                            .new_cost = Int(model, "new_cost"),
                                            .unpriced_before = Int(model, "unpriced_before"),
                                            .unpriced_after = Int(model, "unpriced_after")};
  }
  return difference;
}

}  // namespace

ModelDifference& ModelDifference::operator+=(const ModelDifference& other) {
  calls += other.calls;
  old_cost = model::SaturatingAdd(old_cost, other.old_cost);
  new_cost = model::SaturatingAdd(new_cost, other.new_cost);
  unpriced_before += other.unpriced_before;
  unpriced_after += other.unpriced_after;
  return *this;
}

Difference& Difference::operator+=(const Difference& other) {
  runs += other.runs;
  changed_runs += other.changed_runs;
  for (const auto& [name, added] : other.models) {
    models[name] += added;
  }
  return *this;
}

void Difference::AddTools(const model::FactTable& before, const model::FactTable& after) {
  std::map<std::string_view, ModelDifference> tools;
  const auto is_charged = [](const model::Fact& fact) {
    return fact.kind == static_cast<std::uint8_t>(model::SpanKind::kTool) && fact.model == 0 &&
           fact.cost_picodollars > 0;
  };
  std::map<std::string_view, std::int64_t> calls_after;
  for (const model::Fact& fact : before.facts) {
    if (is_charged(fact)) {
      ModelDifference& tool = tools[before.TextOf(fact.name)];
      tool.old_cost = model::SaturatingAdd(tool.old_cost, fact.cost_picodollars);
      ++tool.calls;
    }
  }
  for (const model::Fact& fact : after.facts) {
    if (is_charged(fact)) {
      ModelDifference& tool = tools[after.TextOf(fact.name)];
      tool.new_cost = model::SaturatingAdd(tool.new_cost, fact.cost_picodollars);
      ++calls_after[after.TextOf(fact.name)];
    }
  }
  for (auto& [name, tool] : tools) {
    // The same steps are in both; those of a tool that had no price cost nothing before.
    tool.calls = std::max(tool.calls, calls_after[name]);
    models[fmt::format("tool/{}", name)] += tool;
  }
}

void Difference::AddSteps(const model::FactTable& before, const model::FactTable& after) {
  for (const model::Fact& fact : before.facts) {
    if (fact.kind == model::Fact::kRun || fact.model == 0) {
      continue;
    }
    ModelDifference& model = models[std::string(before.TextOf(fact.model))];
    model.calls += fact.model_calls;
    model.old_cost = model::SaturatingAdd(model.old_cost, fact.cost_picodollars);
    model.unpriced_before += fact.unpriced_calls;
  }
  for (const model::Fact& fact : after.facts) {
    if (fact.kind == model::Fact::kRun || fact.model == 0) {
      continue;
    }
    ModelDifference& model = models[std::string(after.TextOf(fact.model))];
    model.new_cost = model::SaturatingAdd(model.new_cost, fact.cost_picodollars);
    model.unpriced_after += fact.unpriced_calls;
  }
  AddTools(before, after);
}

std::string Difference::Encode() const {
  base::JsonWriter writer;
  WriteDifference(*this, writer);
  return writer.Take();
}

base::Result<Difference> Difference::Decode(std::string_view text) {
  return ReadDifference(TRY(ParseObject(text)));
}

std::string_view NameOf(State state) {
  switch (state) {
    case State::kRunning:
      return "running";
    case State::kDone:
      return "done";
    case State::kFailed:
      return "failed";
  }
  return "";
}

std::string Job::Encode() const {
  base::JsonWriter writer;
  writer.BeginObject();
  writer.Key("start_ns").Int(start_ns);
  writer.Key("end_ns").Int(end_ns);
  writer.Key("dry_run").Bool(mode == Mode::kDryRun);
  writer.Key("state").String(NameOf(state));
  writer.Key("finished_ns").Int(finished_ns);
  writer.Key("skipped_runs").Int(skipped_runs);
  writer.Key("detail").String(detail);
  writer.Key("difference");
  WriteDifference(difference, writer);
  writer.EndObject();
  return writer.Take();
}

base::Result<Job> Job::Decode(std::string_view text) {
  const json::object object = TRY(ParseObject(text));
  const json::value* difference = object.if_contains("difference");
  const json::value* is_dry = object.if_contains("dry_run");
  if (difference == nullptr || !difference->is_object() || is_dry == nullptr ||
      !is_dry->is_bool()) {
    return NotOne();
  }
  Job job{.start_ns = Int(object, "start_ns"),
          .end_ns = Int(object, "end_ns"),
          .mode = is_dry->get_bool() ? Mode::kDryRun : Mode::kApply,
          .finished_ns = Int(object, "finished_ns"),
          .difference = TRY(ReadDifference(difference->get_object())),
          .skipped_runs = Int(object, "skipped_runs"),
          .detail = Text(object, "detail")};
  const std::string state = Text(object, "state");
  for (const State known : {State::kRunning, State::kDone, State::kFailed}) {
    job.state = state == NameOf(known) ? known : job.state;
  }
  return job;
}

}  // namespace sightline::repricing
