// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "api/request/parameters.h"
#include "base/clock.h"
#include "base/json_writer.h"
#include "base/result.h"

namespace sightline::api {

// The time that an answer over many runs is about: what starts in it.
//
// Thread: value.
struct Period {
  static constexpr std::int64_t kDayNs = 86'400'000'000'000;
  static constexpr int kMostDays = 366;

  std::int64_t start_ns = 0;
  std::int64_t end_ns = 0;
  int days = 0;                    // Begun ones.
  std::int64_t utc_offset_ns = 0;  // Where days begin, east of UTC.

  // From `start_time` to `end_time` (also `start_date`, `end_date`), else the `days` before the
  // end, or `fallback_days` when these are not given; days begin at `utc_offset`, such as +02:00.
  // Two days or more before now begin with a whole hour, up to an hour earlier: sums of whole hours
  // are kept, those of parts of hours are made anew for each answer.
  // Errors: kInvalidArgument names the parameter: reversed, more than kMostDays, or unreadable.
  static base::Result<Period> Read(const Parameters& parameters, const base::Clock& clock,
                                   int fallback_days);

  // When each of its days begins, the first one before its start or at it.
  std::vector<std::int64_t> Days() const;

  // The date of a time in it, "2026-03-01".
  std::string DateOf(std::int64_t time_ns) const;

  // `period`: {start, end, days}.
  void Write(base::JsonWriter& json) const;
};

// The times that a list is asked for: from one on, before another, each if it is given.
//
// Thread: value.
struct Between {
  std::optional<std::int64_t> start_ns;
  std::optional<std::int64_t> end_ns;

  // `start_time` and `end_time`. Errors: kInvalidArgument names the one that is unreadable, or that
  // they are reversed.
  static base::Result<Between> Read(const Parameters& parameters);
};

}  // namespace sightline::api
