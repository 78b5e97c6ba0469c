// SPDX-License-Identifier: Apache-2.0
// Where the time and the money of many runs of one workflow go.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <span>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "analytics/bottlenecks/profiled_run.h"
#include "analytics/bottlenecks/serial_calls.h"
#include "model/ids.h"

namespace sightline::analytics {

// Time of all runs together in nanoseconds, money in picodollars. Spans that are no steps count for
// the nearest step above them.
//
// Thread: value.
struct StepSums {
  std::int64_t path_ns = 0;  // The critical path was in it.
  std::size_t runs = 0;      // In whose critical path it is.
  std::int64_t self_ns = 0;  // Its own work: without the time of steps below it.
  std::size_t calls = 0;
  std::int64_t picodollars = 0;
  std::int64_t slack_ns = 0;  // Sum over its calls; see Retiming::Slacks.
  std::size_t slack_calls = 0;
  std::int64_t saved_if_half_ns = 0;  // If its own work took half as long.
};

struct SerialSums {
  std::size_t calls = 0;
  std::set<model::TraceId> runs;
  std::int64_t saved_ns = 0;  // If they had begun together.
};

struct RepeatedSums {
  std::size_t calls = 0;
  std::set<model::TraceId> runs;
  std::int64_t wasted_ns = 0;
  std::int64_t picodollars = 0;  // With everything below them.
  bool has_unknown_cost = false;
};

// Thread: confined.
class BottleneckSums {
 public:
  // `independent` are pairs of FindSerialCalls that are independent.
  void Add(const ProfiledRun& run, std::span<const SerialCalls> independent);

  std::size_t runs() const { return runs_; }

  std::int64_t duration_ns() const { return duration_ns_; }  // Of all runs.

  std::int64_t self_ns() const { return self_ns_; }  // Of all steps.

  std::int64_t picodollars() const { return picodollars_; }  // Of what is priced.

  bool has_unknown_cost() const { return has_unknown_cost_; }

  const std::map<std::string, StepSums>& steps() const { return steps_; }

  // By the names of both calls.
  const std::map<std::pair<std::string, std::string>, SerialSums>& serial() const {
    return serial_;
  }

  const std::map<std::string, RepeatedSums>& attempts() const { return attempts_; }

  const std::map<std::string, RepeatedSums>& repeats() const { return repeats_; }

 private:
  // One run with what was derived from it.
  struct Analyzed;

  StepSums* StepOf(const std::string& name);
  void AddPath(const Analyzed& run);
  void AddSteps(const Analyzed& run);
  void AddHalves(const Analyzed& run);
  void AddSerial(const Analyzed& run, std::span<const SerialCalls> independent);
  void AddRepeated(const Analyzed& run);

  std::size_t runs_ = 0;
  std::int64_t duration_ns_ = 0;
  std::int64_t self_ns_ = 0;
  std::int64_t picodollars_ = 0;
  bool has_unknown_cost_ = false;
  std::map<std::string, StepSums> steps_;
  std::map<std::pair<std::string, std::string>, SerialSums> serial_;
  std::map<std::string, RepeatedSums> attempts_;
  std::map<std::string, RepeatedSums> repeats_;
};

}  // namespace sightline::analytics
