// SPDX-License-Identifier: Apache-2.0
#include "analytics/bottlenecks/retiming.h"

#include <algorithm>
#include <cmath>

#include "analytics/critical_path/sibling_order.h"

namespace sightline::analytics {
namespace {

std::int64_t LengthOf(const Interval& time) {
  return time.end_ns - time.start_ns;
}

}  // namespace

Retiming::Retiming(const SpanTree& tree)
    : tree_(tree), before_(tree.size(), kNone), lag_(tree.size(), 0), last_end_(tree.size(), 0) {
  for (const std::size_t parent : tree.order()) {
    const auto children = tree.children(parent);
    if (children.empty()) {
      continue;
    }
    const SiblingOrder order(tree, parent);
    for (std::size_t position = 0; position < children.size(); ++position) {
      const std::size_t child = children[position];
      const std::size_t before = order.LastBefore(position);
      before_[child] = before == SiblingOrder::kNone ? kNone : children[before];
      const std::int64_t from =
          before_[child] == kNone ? tree.time(parent).start_ns : tree.time(before_[child]).end_ns;
      lag_[child] = tree.time(child).start_ns - from;
      last_end_[parent] =
          std::max(last_end_[parent], tree.time(child).end_ns - tree.time(parent).start_ns);
    }
  }
  duration_ = tree.order().empty() ? 0 : LengthOf(tree.time(tree.order().front()));
}

std::int64_t Retiming::DurationIfScaled(const std::vector<bool>& is_scaled, double factor) const {
  return Duration(&is_scaled, factor, nullptr);
}

std::int64_t Retiming::DurationIfParallel(const std::vector<bool>& is_parallel) const {
  return Duration(nullptr, 1, &is_parallel);
}

std::int64_t Retiming::Duration(const std::vector<bool>* is_scaled, double factor,
                                const std::vector<bool>* is_parallel) const {
  if (tree_.order().empty()) {
    return 0;
  }
  std::vector<std::int64_t> lengths(tree_.size(), 0);
  std::vector<std::int64_t> starts(tree_.size(), 0);  // After the start of the parent.
  // Children come after their parents in this order, so that backwards they are done first.
  const auto order = tree_.order();
  for (auto span = order.rbegin(); span != order.rend(); ++span) {
    const std::int64_t length = LengthOf(tree_.time(*span));
    // Overlaps are no work and stay as they are.
    const auto own = [&](std::int64_t time_ns) {
      return is_scaled != nullptr && (*is_scaled)[*span] && time_ns > 0
                 ? std::llround(factor * static_cast<double>(time_ns))
                 : time_ns;
    };
    std::int64_t last_end = 0;
    // What came before a child has a lower position.
    for (const std::size_t child : tree_.children(*span)) {
      const std::size_t before = before_[child];
      if (before == kNone) {
        starts[child] = own(lag_[child]);
      } else if (is_parallel != nullptr && (*is_parallel)[child]) {
        starts[child] = starts[before];
      } else {
        starts[child] = starts[before] + lengths[before] + own(lag_[child]);
      }
      last_end = std::max(last_end, starts[child] + lengths[child]);
    }
    lengths[*span] = last_end + own(length - last_end_[*span]);
  }
  return lengths[order.front()];
}

std::vector<std::int64_t> Retiming::Slacks() const {
  std::vector<std::int64_t> slacks(tree_.size(), -1);
  if (tree_.order().empty()) {
    return slacks;
  }
  slacks[tree_.order().front()] = 0;
  for (const std::size_t parent : tree_.order()) {
    const auto children = tree_.children(parent);
    for (std::size_t position = children.size(); position-- > 0;) {
      const std::size_t child = children[position];
      const std::int64_t end = tree_.time(child).end_ns - tree_.time(parent).start_ns;
      const std::int64_t until_parent = last_end_[parent] - end + slacks[parent];
      // Those that waited for it have lowered it already.
      slacks[child] = slacks[child] < 0 ? until_parent : std::min(slacks[child], until_parent);
      if (const std::size_t before = before_[child]; before != kNone) {
        slacks[before] =
            slacks[before] < 0 ? slacks[child] : std::min(slacks[before], slacks[child]);
      }
    }
  }
  return slacks;
}

}  // namespace sightline::analytics
