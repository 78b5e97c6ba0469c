// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>

#include "analytics/bottlenecks/profiled_run.h"

namespace sightline::analytics {

// What is summed up of a step itself, without the steps below it.
enum class ProfileWeight : std::uint8_t {
  kTime,    // Nanoseconds of self time (SelfTimes).
  kCost,    // Picodollars of calls whose price is known.
  kTokens,  // Of calls that count.
};

// Self time, cost or tokens of many runs, by agent > step > tool or model: the stacks of a flame
// graph. Spans that are no steps count for the nearest step above them.
//
// Thread: confined.
class CallProfile {
 public:
  // Agent, step, and tool or model; an empty one is left out of the stack.
  using Stack = std::array<std::string, 3>;

  // Stacks that are kept; what comes after them is summed under "(others)".
  static constexpr std::size_t kMostStacks = 5000;

  explicit CallProfile(ProfileWeight weight) : weight_(weight) {}

  void Add(const ProfiledRun& run);

  // Without stacks that weigh nothing.
  const std::map<Stack, std::int64_t>& stacks() const { return stacks_; }

  std::int64_t total() const { return total_; }

  // Calls without a known price, whose money is missing.
  std::int64_t unpriced_calls() const { return unpriced_calls_; }

 private:
  const ProfileWeight weight_;
  std::map<Stack, std::int64_t> stacks_;
  std::int64_t total_ = 0;
  std::int64_t unpriced_calls_ = 0;
};

}  // namespace sightline::analytics
