// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace sightline::analytics {

// A time in which nothing came although much was due.
struct Silence {
  std::size_t first_step = 0;
  std::size_t end_step = 0;  // Past its last empty step.
  double expected = 0;       // What was due at least.
};

// Finds times without telemetry in counts of evenly spaced steps, from what came before them only.
//
// What is due in a step is the least of what came at the same time of day one, two, three and seven
// days before, or 0 while three days are not known. A row of empty steps is a silence once ten are
// due in it: if they came independently of each other, by chance that is rarer than once in 20,000.
// Of the last three days those that were silent are passed over, so that a long silence does not
// become usual; a week before they are not, so that days off do.
//
// Not responsible for the reason: the sender, the network or the receiver may have been down.
//
// Precondition: steps_per_day >= 1. Cost: linear.
std::vector<Silence> FindSilences(const std::vector<std::int64_t>& counts,
                                  std::size_t steps_per_day);

}  // namespace sightline::analytics
