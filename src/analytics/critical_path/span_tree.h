// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "analytics/critical_path/timed_span.h"

namespace sightline::analytics {

// Why a span counts for the time of its run, or does not.
enum class Standing : std::uint8_t {
  kCounts,
  kOutsideParent,  // Nothing of it lies inside its parent: clocks that differ, or late work.
  kNotWaitedFor,   // A consumer whose producer is its parent.
  kUnderLeftOut,   // Its parent does not count.
  kNotReached,     // Not under the root.
};

// The spans of a run that its root waited for, each cut to the time inside its parent.
//
// A child is cut at the (already cut) interval of its parent, and left out with all that is under
// it when nothing remains. A span without duration remains when it lies inside. Times before 1970
// or after 2200 are moved to these limits, so that differences fit.
//
// Cost: O(n log n), without recursion: chains may be as long as the run.
// Thread: value.
class SpanTree {
 public:
  // Parents that are no index of `spans` are taken as missing, and so is the parent of the root.
  SpanTree(std::span<const TimedSpan> spans, std::size_t root);

  // Spans that count, parents before their children, the root first. Empty when the root has a
  // negative duration or does not exist.
  std::span<const std::size_t> order() const { return order_; }

  // Children that count, by start, then end, then index.
  std::span<const std::size_t> children(std::size_t span) const {
    const Range& range = ranges_[span];
    return std::span(children_).subspan(range.begin, range.count);
  }

  // Precondition: the span counts.
  const Interval& time(std::size_t span) const { return times_[span]; }

  Standing standing(std::size_t span) const { return standings_[span]; }

  std::size_t size() const { return times_.size(); }

 private:
  struct Range {
    std::size_t begin = 0;
    std::size_t count = 0;
  };

  void GroupByParent(std::span<const TimedSpan> spans, std::size_t root);
  void Visit(std::span<const TimedSpan> spans, std::size_t parent);
  void LeaveOutBelow(std::size_t top);

  std::vector<std::size_t> order_;
  std::vector<std::size_t> children_;  // Grouped by parent.
  std::vector<Range> ranges_;          // Of children_, for each span.
  std::vector<Interval> times_;
  std::vector<Standing> standings_;
};

}  // namespace sightline::analytics
