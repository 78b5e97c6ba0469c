// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "analytics/critical_path/span_tree.h"

namespace sightline::analytics {

// When the spans of a run would have happened had some of them been shorter or begun earlier.
//
// A span begins as long after the sibling that came last before it (SiblingOrder) as it did, or,
// without one, as long after its parent began; a span ends as long after the last of its children
// as it did. So what was waited for moves up, and what ran beside it does not.
//
// Thread: value. The tree outlives it.
class Retiming {
 public:
  static constexpr std::size_t kNone = static_cast<std::size_t>(-1);

  explicit Retiming(const SpanTree& tree);

  // The sibling that came last before the span; kNone when it was the first.
  std::size_t before(std::size_t span) const { return before_[span]; }

  // How long the run would take if the own work of the marked spans took `factor` times as long: a
  // span without children all of its time, else what passes before, between and after its children.
  // In nanoseconds. Precondition: a flag for each span.
  std::int64_t DurationIfScaled(const std::vector<bool>& is_scaled, double factor) const;

  // How long it would take if the marked spans began together with the sibling before them.
  std::int64_t DurationIfParallel(const std::vector<bool>& is_parallel) const;

  std::int64_t duration() const { return duration_; }

  // For each span that counts, how much later it could have ended without making the run longer;
  // -1 for spans that do not count.
  std::vector<std::int64_t> Slacks() const;

 private:
  std::int64_t Duration(const std::vector<bool>* is_scaled, double factor,
                        const std::vector<bool>* is_parallel) const;

  const SpanTree& tree_;
  std::vector<std::size_t> before_;     // For each span that counts.
  std::vector<std::int64_t> lag_;       // Start after the end of `before`, or the parent's start.
  std::vector<std::int64_t> last_end_;  // Of children, after the start of the span.
  std::int64_t duration_ = 0;
};

}  // namespace sightline::analytics
