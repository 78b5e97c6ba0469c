// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "live/totals.h"

namespace sightline::live {

// What the health and real-time panels show, of everything or of one workflow. Windows move in
// steps of a minute, the running one included.
//
// Thread: value.
struct Figures {
  RunCounts runs;
  std::uint64_t agents = 0;
  std::uint64_t active_agents = 0;  // Seen in the last 24 hours.
  std::uint64_t workflows = 0;
  std::uint64_t active_workflows = 0;
  std::int64_t failed_last_hour = 0;
  std::int64_t failed_last_day = 0;
  std::int64_t failed_steps_last_day = 0;
  std::int64_t started_last_five_minutes = 0;
  double lag_ms = 0;  // Age of the oldest batch that is not in these figures; 0: there is none.
  // They are late, or lack something of the past that is being read.
  bool is_catching_up = false;
};

}  // namespace sightline::live
