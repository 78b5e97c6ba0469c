// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "store/embedded/trace_index.h"

namespace sightline::store::embedded {

// SQL conditions that read a few rows of a large table. DuckDB skips what lies outside of one
// interval, but goes through the whole column for a choice of two; and it decodes 2,048 rows to get
// one. So each condition asks for one interval, and what lies near together is read together.

// A condition on `seq` for the day file of `day`. It holds for other rows, too.
struct DayCondition {
  std::int32_t day = 0;
  std::string seq;
};

// A condition for each interval of `slices`, by day and place.
std::vector<DayCondition> SliceConditions(std::vector<RowRange> slices);

// The same for the slices of one trace, whose rows a statement can tell by the trace id: where
// there are too many intervals in a day, one condition covers them all.
std::vector<DayCondition> TraceConditions(std::vector<RowRange> slices);

// Conditions on `id` that together hold for the bodies `ids`, which need not be sorted, and perhaps
// for others.
std::vector<std::string> BodyConditions(std::span<const std::uint64_t> ids);

}  // namespace sightline::store::embedded
