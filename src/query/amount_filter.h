// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>

namespace sightline::query {

// How long runs or steps took and what they spent, as lists are narrowed by it. Absent bounds match
// everything; all given ones must hold, and both ends are within.
//
// Thread: value.
struct AmountFilter {
  std::optional<std::int64_t> min_duration_ns;
  std::optional<std::int64_t> max_duration_ns;
  // At least and at most this much is known to have been spent, in picodollars.
  std::optional<std::int64_t> min_cost;
  std::optional<std::int64_t> max_cost;
  std::optional<std::int64_t> min_tokens;  // In all, of what is known.

  bool is_empty() const { return *this == AmountFilter(); }

  // `cost` is empty when it is not known: then no bound of it holds.
  bool Matches(std::int64_t duration_ns, std::optional<std::int64_t> cost,
               std::int64_t tokens) const {
    return (!min_duration_ns || duration_ns >= *min_duration_ns) &&
           (!max_duration_ns || duration_ns <= *max_duration_ns) &&
           (!min_cost || (cost && *cost >= *min_cost)) &&
           (!max_cost || (cost && *cost <= *max_cost)) && (!min_tokens || tokens >= *min_tokens);
  }

  friend bool operator==(const AmountFilter&, const AmountFilter&) = default;
};

}  // namespace sightline::query
