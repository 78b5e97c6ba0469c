// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "analytics/critical_path/timed_span.h"
#include "analytics/trace_view.h"
#include "model/ids.h"

namespace sightline::analytics {

// What the analyses of many runs need of a span, without the rows it came from.
//
// Thread: value.
struct ProfiledSpan {
  std::string name;           // That makes it the same step in every run.
  std::string agent;          // Its own, else the nearest above it; "" when there is none.
  std::string tool_or_model;  // "" for other steps.
  model::SpanId span_id;
  model::SpanKind kind = model::SpanKind::kOther;
  bool has_failed = false;
  bool is_step = false;
  std::int64_t tokens = 0;           // That count for the run; 0 when not known.
  std::int64_t picodollars = 0;      // Likewise, of a cost that is known.
  bool has_unknown_cost = false;     // Usage without a price.
  std::uint64_t arguments_hash = 0;  // Of a tool call; 0: not known.
};

// A run that has ended.
//
// Thread: value.
struct ProfiledRun {
  model::TraceId trace_id;
  std::size_t root = TimedSpan::kNoParent;
  std::vector<TimedSpan> times;
  std::vector<ProfiledSpan> spans;  // Parallel to `times`.
};

// Empty while the run goes on, or when its root has not come.
std::optional<ProfiledRun> ProfileRun(const TraceView& view);

}  // namespace sightline::analytics
