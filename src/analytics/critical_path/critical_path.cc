// SPDX-License-Identifier: Apache-2.0
#include "analytics/critical_path/critical_path.h"

#include <algorithm>
#include <tuple>

#include "analytics/critical_path/sibling_order.h"
#include "model/saturating.h"

namespace sightline::analytics {
namespace {

// Walks the path backwards. A frame is a span whose time is told down to `edge_ns`; `on_path` are
// its children on the path that are still to be told, the earliest first.
class PathWalk {
 public:
  explicit PathWalk(const SpanTree& tree) : tree_(tree), cursor_ns_(0) {
    path_.is_on_path.assign(tree.size(), false);
    if (tree.order().empty()) {
      return;
    }
    cursor_ns_ = tree.time(tree.order().front()).end_ns;
    Enter(tree.order().front());
    while (!frames_.empty()) {
      Step();
    }
    std::reverse(path_.sections.begin(), path_.sections.end());
  }

  CriticalPath Take() { return std::move(path_); }

 private:
  struct Frame {
    std::size_t span;
    std::int64_t edge_ns;
    std::vector<std::size_t> on_path;
  };

  void Enter(std::size_t span) {
    path_.is_on_path[span] = true;
    frames_.push_back({span, tree_.time(span).end_ns, ChildrenOnPath(span)});
  }

  std::vector<std::size_t> ChildrenOnPath(std::size_t span) const {
    std::vector<std::size_t> found;
    const std::span<const std::size_t> children = tree_.children(span);
    if (children.empty()) {
      return found;
    }
    const SiblingOrder order(tree_, span);
    for (std::size_t at = order.by_end.back(); at != SiblingOrder::kNone;
         at = order.LastBefore(at)) {
      found.push_back(children[at]);
    }
    std::reverse(found.begin(), found.end());
    return found;
  }

  void Step() {
    Frame& frame = frames_.back();
    if (frame.on_path.empty()) {
      Tell(frame.span, tree_.time(frame.span).start_ns);
      frames_.pop_back();
      return;
    }
    const std::size_t child = frame.on_path.back();
    frame.on_path.pop_back();
    Tell(frame.span, tree_.time(child).end_ns);
    Enter(child);
  }

  // The time from `start_ns` to what is told already is the span's own.
  void Tell(std::size_t span, std::int64_t start_ns) {
    if (start_ns >= cursor_ns_) {
      return;
    }
    std::vector<PathSection>& sections = path_.sections;
    if (!sections.empty() && sections.back().span == span) {
      sections.back().time.start_ns = start_ns;
    } else {
      sections.push_back({span, {start_ns, cursor_ns_}});
    }
    cursor_ns_ = start_ns;
  }

  const SpanTree& tree_;
  std::int64_t cursor_ns_;
  std::vector<Frame> frames_;
  CriticalPath path_;
};

}  // namespace

CriticalPath FindCriticalPath(const SpanTree& tree) {
  return PathWalk(tree).Take();
}

std::vector<std::int64_t> SelfTimes(std::span<const TimedSpan> spans) {
  std::vector<std::size_t> by_parent;  // Spans with a parent: by it, then by start.
  std::vector<std::int64_t> self(spans.size());
  for (std::size_t i = 0; i < spans.size(); ++i) {
    self[i] = model::DurationNs(spans[i].start_ns, spans[i].end_ns);
    if (spans[i].parent < spans.size() && spans[i].parent != i) {
      by_parent.push_back(i);
    }
  }
  std::sort(by_parent.begin(), by_parent.end(), [&](std::size_t a, std::size_t b) {
    return std::tie(spans[a].parent, spans[a].start_ns, a) <
           std::tie(spans[b].parent, spans[b].start_ns, b);
  });
  std::size_t last_parent = TimedSpan::kNoParent;
  std::int64_t covered_ns = 0;  // Time of the parent up to here is told.
  for (const std::size_t child : by_parent) {
    const TimedSpan& parent = spans[spans[child].parent];
    if (spans[child].parent != last_parent) {
      last_parent = spans[child].parent;
      covered_ns = parent.start_ns;
    }
    const std::int64_t start_ns = std::max(spans[child].start_ns, covered_ns);
    const std::int64_t end_ns = std::min(spans[child].end_ns, parent.end_ns);
    if (start_ns < end_ns) {
      self[last_parent] -= model::DurationNs(start_ns, end_ns);
      covered_ns = end_ns;
    }
  }
  return self;
}

}  // namespace sightline::analytics
