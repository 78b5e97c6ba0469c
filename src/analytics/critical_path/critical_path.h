// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "analytics/critical_path/span_tree.h"

namespace sightline::analytics {

// A part of the root's time, and the span that the run waited for then.
struct PathSection {
  std::size_t span = 0;
  Interval time;

  friend bool operator==(const PathSection&, const PathSection&) = default;
};

// What the time of a run was spent waiting for.
//
// Thread: value.
struct CriticalPath {
  std::vector<PathSection> sections;  // In time order: they cover the root without gap or overlap.
  std::vector<bool> is_on_path;       // For each span, those with no time of their own included.
};

// From the end of a span backwards: the child that ended last by then is on the path, then the one
// that came last before that child (SiblingOrder), and so on; what is left is the span's own time.
// Where two of them overlap, the time belongs to the later one. Cost: O(n log n).
CriticalPath FindCriticalPath(const SpanTree& tree);

// For every span, its duration without the time in which any direct child ran, in nanoseconds.
// Children count with their whole time, those nobody waits for too. 0 for a negative duration.
std::vector<std::int64_t> SelfTimes(std::span<const TimedSpan> spans);

}  // namespace sightline::analytics
