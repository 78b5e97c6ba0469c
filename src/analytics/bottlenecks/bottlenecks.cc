// SPDX-License-Identifier: Apache-2.0
#include "analytics/bottlenecks/bottlenecks.h"

#include <algorithm>

#include "analytics/bottlenecks/repeated_work.h"
#include "analytics/bottlenecks/retiming.h"
#include "analytics/bottlenecks/step_above.h"
#include "analytics/critical_path/critical_path.h"
#include "analytics/critical_path/span_tree.h"
#include "model/saturating.h"

namespace sightline::analytics {
namespace {

using model::SaturatingAdd;

// Names and pairs of names that are kept; what comes after them is one entry.
constexpr std::size_t kMostNames = 2000;
constexpr const char* kOthers = "(others)";

// Steps of a run whose halving is tried: those with the most time on its critical path.
constexpr std::size_t kMostHalved = 30;

constexpr double kHalf = 0.5;

template <typename Key, typename Sums>
Sums& Bounded(std::map<Key, Sums>& sums, const Key& key, const Key& others) {
  const auto found = sums.find(key);
  if (found != sums.end()) {
    return found->second;
  }
  return sums[sums.size() < kMostNames ? key : others];
}

}  // namespace

struct BottleneckSums::Analyzed {
  explicit Analyzed(const ProfiledRun& profiled)
      : run(profiled),
        tree(profiled.times, profiled.root),
        retiming(tree),
        step_of(StepsAbove(profiled)) {}

  const std::string& NameOf(std::size_t span) const { return run.spans[step_of[span]].name; }

  const ProfiledRun& run;
  SpanTree tree;
  Retiming retiming;
  std::vector<std::size_t> step_of;
};

StepSums* BottleneckSums::StepOf(const std::string& name) {
  return &Bounded(steps_, name, std::string(kOthers));
}

void BottleneckSums::Add(const ProfiledRun& run, std::span<const SerialCalls> independent) {
  const Analyzed analyzed(run);
  ++runs_;
  duration_ns_ = SaturatingAdd(duration_ns_, analyzed.retiming.duration());
  AddPath(analyzed);
  AddSteps(analyzed);
  AddHalves(analyzed);
  AddSerial(analyzed, independent);
  AddRepeated(analyzed);
}

void BottleneckSums::AddPath(const Analyzed& run) {
  std::set<StepSums*> on_path;
  for (const PathSection& section : FindCriticalPath(run.tree).sections) {
    StepSums* const step = StepOf(run.NameOf(section.span));
    step->path_ns = SaturatingAdd(step->path_ns, section.time.end_ns - section.time.start_ns);
    on_path.insert(step);
  }
  for (StepSums* const step : on_path) {
    ++step->runs;
  }
}

void BottleneckSums::AddSteps(const Analyzed& run) {
  const std::vector<std::int64_t> self = SelfTimes(run.run.times);
  const std::vector<std::int64_t> slacks = run.retiming.Slacks();
  for (std::size_t i = 0; i < self.size(); ++i) {
    const ProfiledSpan& span = run.run.spans[i];
    StepSums& step = *StepOf(run.NameOf(i));
    step.self_ns = SaturatingAdd(step.self_ns, self[i]);
    self_ns_ = SaturatingAdd(self_ns_, self[i]);
    step.picodollars = SaturatingAdd(step.picodollars, span.picodollars);
    picodollars_ = SaturatingAdd(picodollars_, span.picodollars);
    has_unknown_cost_ = has_unknown_cost_ || span.has_unknown_cost;
    if (run.step_of[i] != i) {
      continue;
    }
    ++step.calls;
    if (slacks[i] >= 0) {
      step.slack_ns = SaturatingAdd(step.slack_ns, slacks[i]);
      ++step.slack_calls;
    }
  }
}

void BottleneckSums::AddHalves(const Analyzed& run) {
  std::map<std::string, std::int64_t> path;
  for (const PathSection& section : FindCriticalPath(run.tree).sections) {
    path[run.NameOf(section.span)] += section.time.end_ns - section.time.start_ns;
  }
  std::vector<std::pair<std::int64_t, std::string>> longest;
  for (auto& [name, time_ns] : path) {
    longest.emplace_back(time_ns, name);
  }
  std::sort(longest.rbegin(), longest.rend());
  longest.resize(std::min(longest.size(), kMostHalved));
  for (const auto& [time_ns, name] : longest) {
    std::vector<bool> is_scaled(run.run.spans.size(), false);
    for (std::size_t i = 0; i < is_scaled.size(); ++i) {
      is_scaled[i] = run.NameOf(i) == name;
    }
    StepSums& step = *StepOf(name);
    step.saved_if_half_ns =
        SaturatingAdd(step.saved_if_half_ns,
                      run.retiming.duration() - run.retiming.DurationIfScaled(is_scaled, kHalf));
  }
}

void BottleneckSums::AddSerial(const Analyzed& run, std::span<const SerialCalls> independent) {
  using Key = std::pair<std::string, std::string>;
  std::map<Key, std::vector<bool>> by_names;
  for (const SerialCalls& calls : independent) {
    Key names(run.run.spans[calls.first].name, run.run.spans[calls.second].name);
    SerialSums& sums = Bounded(serial_, names, Key(kOthers, kOthers));
    ++sums.calls;
    sums.runs.insert(run.run.trace_id);
    if (by_names.size() < kMostHalved || by_names.contains(names)) {
      std::vector<bool>& is_parallel = by_names[std::move(names)];
      is_parallel.resize(run.run.spans.size(), false);
      is_parallel[calls.second] = true;
    }
  }
  for (const auto& [names, is_parallel] : by_names) {
    SerialSums& sums = Bounded(serial_, names, Key(kOthers, kOthers));
    sums.saved_ns = SaturatingAdd(
        sums.saved_ns, run.retiming.duration() - run.retiming.DurationIfParallel(is_parallel));
  }
}

void BottleneckSums::AddRepeated(const Analyzed& run) {
  const RepeatedWork work = FindRepeatedWork(run.run);
  if (work.attempts.empty() && work.repeats.empty()) {
    return;
  }
  // Money with everything below, by adding each span to all that are marked above it.
  std::vector<RepeatedSums*> marked(run.run.spans.size(), nullptr);
  const auto add = [&](const std::vector<std::size_t>& spans,
                       std::map<std::string, RepeatedSums>& all) {
    for (const std::size_t i : spans) {
      RepeatedSums& sums = Bounded(all, run.run.spans[i].name, std::string(kOthers));
      ++sums.calls;
      sums.runs.insert(run.run.trace_id);
      sums.wasted_ns = SaturatingAdd(
          sums.wasted_ns, model::DurationNs(run.run.times[i].start_ns, run.run.times[i].end_ns));
      marked[i] = &sums;
    }
  };
  add(work.attempts, attempts_);
  add(work.repeats, repeats_);
  for (const std::size_t i : run.tree.order()) {
    const std::size_t parent = run.run.times[i].parent;
    if (marked[i] == nullptr && i != run.run.root && parent < marked.size()) {
      marked[i] = marked[parent];
    }
    if (marked[i] != nullptr) {
      marked[i]->picodollars = SaturatingAdd(marked[i]->picodollars, run.run.spans[i].picodollars);
      marked[i]->has_unknown_cost =
          marked[i]->has_unknown_cost || run.run.spans[i].has_unknown_cost;
    }
  }
}

}  // namespace sightline::analytics
