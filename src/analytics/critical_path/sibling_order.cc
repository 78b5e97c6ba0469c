// SPDX-License-Identifier: Apache-2.0
#include "analytics/critical_path/sibling_order.h"

#include <algorithm>
#include <cstdint>
#include <numeric>
#include <span>

namespace sightline::analytics {
namespace {

// Part of the parent's duration by which clocks may be wrong: one in a hundred.
constexpr std::int64_t kOverlapDivisor = 100;

// By end; of those that end together, those without duration are last, then the longest.
bool EndsBefore(const Interval& a, const Interval& b) {
  if (a.end_ns != b.end_ns) {
    return a.end_ns < b.end_ns;
  }
  const bool a_is_moment = a.start_ns == a.end_ns;
  const bool b_is_moment = b.start_ns == b.end_ns;
  if (a_is_moment != b_is_moment) {
    return b_is_moment;
  }
  return a.start_ns > b.start_ns;
}

}  // namespace

SiblingOrder::SiblingOrder(const SpanTree& tree, std::size_t parent) {
  const std::span<const std::size_t> children = tree.children(parent);
  const std::size_t count = children.size();
  const auto time = [&](std::size_t position) -> const Interval& {
    return tree.time(children[position]);
  };
  by_end.resize(count);
  std::iota(by_end.begin(), by_end.end(), 0);
  std::stable_sort(by_end.begin(), by_end.end(),
                   [&](std::size_t a, std::size_t b) { return EndsBefore(time(a), time(b)); });
  std::vector<std::size_t> rank(count);
  for (std::size_t i = 0; i < count; ++i) {
    rank[by_end[i]] = i;
  }
  const Interval& outer = tree.time(parent);
  const std::int64_t tolerance_ns = (outer.end_ns - outer.start_ns) / kOverlapDivisor;
  ended.resize(count);
  running_in.assign(count, kNone);
  std::size_t over = 0;  // So many ended by the start of the child at hand.
  for (std::size_t i = 0; i < count; ++i) {
    const Interval& child = time(i);
    while (over < count && time(by_end[over]).end_ns <= child.start_ns) {
      ++over;
    }
    // A child without duration ended by its own start, as did later ones at the same moment.
    ended[i] = std::min(over, rank[i]);
    if (over == count) {
      continue;
    }
    const std::size_t candidate = by_end[over];
    const Interval& other = time(candidate);
    const bool is_alone = (i == 0 || time(i - 1).start_ns < child.start_ns) &&
                          (i + 1 == count || time(i + 1).start_ns >= other.end_ns);
    if (candidate != i && is_alone && other.start_ns < child.start_ns &&
        other.end_ns <= child.end_ns && other.end_ns - child.start_ns <= tolerance_ns) {
      running_in[i] = candidate;
    }
  }
}

std::size_t SiblingOrder::LastBefore(std::size_t position) const {
  if (running_in[position] != kNone) {
    return running_in[position];
  }
  return ended[position] == 0 ? kNone : by_end[ended[position] - 1];
}

}  // namespace sightline::analytics
