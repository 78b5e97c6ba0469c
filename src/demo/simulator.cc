// SPDX-License-Identifier: Apache-2.0
#include "demo/simulator.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "base/check.h"
#include "base/hash.h"
#include "demo/services.h"

namespace sightline::demo {
namespace {

// Parts of the simulation that have random streams of their own.
constexpr std::uint64_t kArrivalsPart = 1;
constexpr std::uint64_t kInstancesPart = 1000;
constexpr std::uint64_t kRunsPart = 1'000'000;

std::chrono::nanoseconds MeanGap(double runs_per_minute) {
  CHECK(runs_per_minute > 0);
  return std::chrono::nanoseconds(static_cast<std::int64_t>(60e9 / runs_per_minute));
}

}  // namespace

Simulator::Simulator(SimulatorOptions options)
    : options_(options),
      arrivals_(MixSeeds(options.seed, kArrivalsPart)),
      next_run_ns_(options.start_ns +
                   arrivals_.Exponential(MeanGap(options.runs_per_minute)).count()) {
  scenarios_[static_cast<std::size_t>(ScenarioKind::kSupportAgent)] =
      MakeSupportAgent(options_.stories);
  scenarios_[static_cast<std::size_t>(ScenarioKind::kResearchCrew)] =
      MakeResearchCrew(options_.stories);
  scenarios_[static_cast<std::size_t>(ScenarioKind::kRagPipeline)] =
      MakeRagPipeline(options_.stories);
  scenarios_[static_cast<std::size_t>(ScenarioKind::kCodingAgent)] =
      MakeCodingAgent(options_.stories);
  for (const Service& service : AllServices()) {
    for (std::size_t i = 0; i < service.instances; ++i) {
      instances_.push_back(std::make_unique<ServiceInstance>(
          service, options_.start_ns, MixSeeds(options_.seed, kInstancesPart + instances_.size())));
    }
  }
}

Export Simulator::Next() {
  while (ready_.empty()) {
    Advance();
  }
  Export next = std::move(ready_.back());
  ready_.pop_back();
  return next;
}

// Moves to whatever comes next: the start of a run, or a batch.
void Simulator::Advance() {
  const auto& next = *std::ranges::min_element(
      instances_, {}, [](const auto& instance) { return instance->next_flush_ns(); });
  if (next_run_ns_ <= next->next_flush_ns()) {
    StartRun();
    return;
  }
  next->Flush(ready_);
  std::ranges::reverse(ready_);
}

// A session stays with one instance, as with a load balancer with sticky sessions.
ServiceInstance& Simulator::InstanceFor(const RunPlan& run, StepHost host) {
  std::vector<ServiceInstance*> candidates;
  for (const auto& instance : instances_) {
    const Service& service = instance->service();
    if (service.host == host &&
        (host != StepHost::kAgentService || service.scenario == run.scenario)) {
      candidates.push_back(instance.get());
    }
  }
  CHECK(!candidates.empty());
  return *candidates[base::HashBytes64(run.session_id) % candidates.size()];
}

void Simulator::StartRun() {
  // Each run has its own stream, so that a change in one scenario leaves other runs as they were.
  Random random(MixSeeds(options_.seed, kRunsPart + run_number_++));
  const std::size_t kind = random.Weighted(options_.weights);
  auto run = std::make_shared<const RunPlan>(scenarios_[kind]->Plan(next_run_ns_, random));
  ++counts_.runs[kind];
  for (const FailureKind failure : run->failures) {
    ++counts_.failures[failure];
  }
  if (observer_) {
    observer_(*run);
  }
  InstanceFor(*run, StepHost::kAgentService).Accept(run);
  InstanceFor(*run, StepHost::kOrdersApi).Accept(run);
  next_run_ns_ += arrivals_.Exponential(MeanGap(options_.runs_per_minute)).count();
}

}  // namespace sightline::demo
