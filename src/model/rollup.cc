// SPDX-License-Identifier: Apache-2.0
#include "model/rollup.h"

#include "base/hash.h"

namespace sightline::model {

std::size_t RollupKeyHasher::operator()(const RollupKey& key) const {
  std::uint64_t hash = 0;
  for (const std::string* part : {&key.workflow, &key.agent, &key.model, &key.service}) {
    hash = base::HashBytes64(*part, hash);
  }
  return static_cast<std::size_t>(hash);
}

RollupSums& RollupSums::operator+=(const RollupSums& other) {
  counts += other.counts;
  step_latency.Accumulate(other.step_latency, 1);
  run_latency.Accumulate(other.run_latency, 1);
  return *this;
}

RollupSums& RollupSums::operator-=(const RollupSums& other) {
  counts -= other.counts;
  step_latency.Accumulate(other.step_latency, -1);
  run_latency.Accumulate(other.run_latency, -1);
  return *this;
}

bool RollupSums::is_zero() const {
  return step_latency.empty() && run_latency.empty() && counts == RollupCounts{};
}

const std::string& Part(const RollupKey& key, Dimension dimension) {
  switch (dimension) {
    case Dimension::kWorkflow:
      return key.workflow;
    case Dimension::kAgent:
      return key.agent;
    case Dimension::kModel:
      return key.model;
    case Dimension::kService:
      return key.service;
  }
  return key.workflow;
}

}  // namespace sightline::model
