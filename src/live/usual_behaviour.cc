// SPDX-License-Identifier: Apache-2.0
#include "live/usual_behaviour.h"

#include <algorithm>

#include "base/hash.h"

namespace sightline::live {
namespace {

constexpr std::int64_t kNsPerMinute = 60'000'000'000;

}  // namespace

void RecentMedian::Add(std::int64_t value) {
  if (values_.size() < kKept) {
    values_.push_back(value);
  } else {
    values_[next_] = value;
    next_ = (next_ + 1) % kKept;
  }
  std::vector<std::int64_t> sorted = values_;
  const auto middle = sorted.begin() + static_cast<std::ptrdiff_t>((sorted.size() - 1) / 2);
  std::nth_element(sorted.begin(), middle, sorted.end());
  median_ = *middle;
}

void RecentSketch::Add(std::int64_t value) {
  if (current_.count() >= kGeneration) {
    both_.Subtract(before_);
    before_ = std::exchange(current_, model::Sketch());
  }
  current_.Add(value);
  both_.Add(value);
}

UsualBehaviour::UsualBehaviour() : UsualBehaviour(Options{}) {}

UsualBehaviour::UsualBehaviour(const Options& options)
    : steps_(options.max_steps), workflows_(options.max_workflows) {}

void UsualBehaviour::AddStep(std::string_view step_name, std::int64_t duration_ns) {
  steps_.Touch(HashOf(step_name)).Add(duration_ns);
}

void UsualBehaviour::AddRun(std::string_view workflow, const Run& run) {
  Workflow& usual = workflows_.Touch(HashOf(workflow));
  if (run.tokens != Run::kUnknown) {
    usual.tokens_per_minute.Add(TokensPerMinute(run.tokens, run.duration_ns));
  }
  if (run.cost_picodollars != Run::kUnknown) {
    usual.cost_picodollars.Add(run.cost_picodollars);
  }
}

const model::Sketch* UsualBehaviour::FindStep(std::uint64_t step_name_hash) const {
  const RecentSketch* recent = steps_.Find(step_name_hash);
  return recent == nullptr ? nullptr : &recent->sketch();
}

const UsualBehaviour::Workflow* UsualBehaviour::FindWorkflow(std::uint64_t workflow_hash) const {
  return workflows_.Find(workflow_hash);
}

std::uint64_t UsualBehaviour::HashOf(std::string_view name) {
  return base::HashBytes64(name);
}

std::int64_t UsualBehaviour::TokensPerMinute(std::int64_t tokens, std::int64_t duration_ns) {
  const auto minutes =
      static_cast<double>(std::max(duration_ns, kNsPerMinute)) / static_cast<double>(kNsPerMinute);
  // Any count of tokens fits, but the largest one rounds up to what does not.
  constexpr double kMost = 9e18;
  return static_cast<std::int64_t>(std::min(kMost, static_cast<double>(tokens) / minutes));
}

}  // namespace sightline::live
