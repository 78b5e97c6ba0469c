// SPDX-License-Identifier: Apache-2.0
#include "analytics/critical_path/span_tree.h"

#include <algorithm>
#include <tuple>

namespace sightline::analytics {
namespace {

constexpr std::int64_t kEarliestNs = 0;
constexpr std::int64_t kLatestNs = 7'258'118'400'000'000'000;  // 2200-01-01.

Interval Limited(const TimedSpan& span) {
  return {std::clamp(span.start_ns, kEarliestNs, kLatestNs),
          std::clamp(span.end_ns, kEarliestNs, kLatestNs)};
}

bool IsEmpty(const Interval& time) {
  return time.start_ns > time.end_ns;
}

// What of `time` lies inside `outer`; an empty interval for nothing.
Interval Cut(const Interval& time, const Interval& outer) {
  const Interval cut{std::max(time.start_ns, outer.start_ns), std::min(time.end_ns, outer.end_ns)};
  const bool was_moment = time.start_ns == time.end_ns;
  return cut.start_ns == cut.end_ns && !was_moment ? Interval{1, 0} : cut;
}

}  // namespace

SpanTree::SpanTree(std::span<const TimedSpan> spans, std::size_t root)
    : ranges_(spans.size()), times_(spans.size()), standings_(spans.size(), Standing::kNotReached) {
  if (root >= spans.size() || spans[root].end_ns < spans[root].start_ns) {
    return;
  }
  GroupByParent(spans, root);
  times_[root] = Limited(spans[root]);
  standings_[root] = Standing::kCounts;
  order_.push_back(root);
  for (std::size_t i = 0; i < order_.size(); ++i) {
    Visit(spans, order_[i]);
  }
}

void SpanTree::GroupByParent(std::span<const TimedSpan> spans, std::size_t root) {
  const auto has_parent = [&](std::size_t span) {
    return span != root && spans[span].parent < spans.size();
  };
  std::size_t total = 0;
  for (std::size_t i = 0; i < spans.size(); ++i) {
    if (has_parent(i)) {
      ++ranges_[spans[i].parent].count;
      ++total;
    }
  }
  std::size_t begin = 0;
  for (Range& range : ranges_) {
    range.begin = begin;
    begin += range.count;
    range.count = 0;
  }
  children_.resize(total);
  for (std::size_t i = 0; i < spans.size(); ++i) {
    if (has_parent(i)) {
      Range& range = ranges_[spans[i].parent];
      children_[range.begin + range.count++] = i;
    }
  }
}

void SpanTree::Visit(std::span<const TimedSpan> spans, std::size_t parent) {
  Range& range = ranges_[parent];
  const std::span<std::size_t> all = std::span(children_).subspan(range.begin, range.count);
  std::size_t kept = 0;
  for (const std::size_t child : all) {
    if (spans[parent].handover == Handover::kProducer &&
        spans[child].handover == Handover::kConsumer) {
      standings_[child] = Standing::kNotWaitedFor;
      LeaveOutBelow(child);
      continue;
    }
    times_[child] = Cut(Limited(spans[child]), times_[parent]);
    if (IsEmpty(times_[child])) {
      standings_[child] = Standing::kOutsideParent;
      LeaveOutBelow(child);
      continue;
    }
    standings_[child] = Standing::kCounts;
    all[kept++] = child;
  }
  range.count = kept;
  std::sort(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(kept),
            [&](std::size_t a, std::size_t b) {
              return std::tie(times_[a].start_ns, times_[a].end_ns, a) <
                     std::tie(times_[b].start_ns, times_[b].end_ns, b);
            });
  order_.insert(order_.end(), all.begin(), all.begin() + static_cast<std::ptrdiff_t>(kept));
}

void SpanTree::LeaveOutBelow(std::size_t top) {
  std::vector<std::size_t> open = {top};
  while (!open.empty()) {
    const std::size_t span = open.back();
    open.pop_back();
    for (const std::size_t child : children(span)) {
      standings_[child] = Standing::kUnderLeftOut;
      open.push_back(child);
    }
    ranges_[span].count = 0;
  }
}

}  // namespace sightline::analytics
