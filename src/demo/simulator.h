// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <vector>

#include "demo/failures.h"
#include "demo/plan.h"
#include "demo/random.h"
#include "demo/scenario.h"
#include "demo/service_instance.h"
#include "demo/stories.h"

namespace sightline::demo {

struct SimulatorOptions {
  std::uint64_t seed = 1;
  std::int64_t start_ns = 0;  // Wall time: nanoseconds since the Unix epoch.
  double runs_per_minute = 30;
  // Shares of support, research, RAG and coding runs.
  std::array<double, kScenarioCount> weights = {0.5, 0.13, 0.3, 0.07};
  Stories stories = {};  // None unless given.
};

// What has been planned so far.
struct SimulatorCounts {
  std::array<std::size_t, kScenarioCount> runs{};
  std::map<FailureKind, std::size_t> failures;
};

// A small company whose agents work, forever: a stream of OTLP requests on a virtual timeline that
// begins at `start_ns`. Pure: it has no clock and sends nothing. Equal options give equal bytes.
//
// Thread: confined.
class Simulator {
 public:
  // Precondition: runs_per_minute is positive.
  explicit Simulator(SimulatorOptions options);

  // The next request in order of time. Never ends.
  Export Next();

  const SimulatorCounts& counts() const { return counts_; }

  // Is shown every run when it is planned, which is before its first span leaves.
  void ObserveRunsForTesting(std::function<void(const RunPlan&)> observer) {
    observer_ = std::move(observer);
  }

 private:
  void Advance();
  void StartRun();
  ServiceInstance& InstanceFor(const RunPlan& run, StepHost host);

  const SimulatorOptions options_;
  Random arrivals_;
  std::uint64_t run_number_ = 0;
  std::int64_t next_run_ns_;
  std::array<std::unique_ptr<Scenario>, kScenarioCount> scenarios_;
  std::vector<std::unique_ptr<ServiceInstance>> instances_;
  std::vector<Export> ready_;  // In reverse order.
  SimulatorCounts counts_;
  std::function<void(const RunPlan&)> observer_;
};

}  // namespace sightline::demo
