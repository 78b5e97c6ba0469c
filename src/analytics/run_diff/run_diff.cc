// SPDX-License-Identifier: Apache-2.0
#include "analytics/run_diff/run_diff.h"

#include <algorithm>
#include <tuple>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "analytics/run_diff/sibling_alignment.h"
#include "analytics/run_diff/step_likeness.h"
#include "analytics/run_diff/step_tree.h"

namespace sightline::analytics {
namespace {

constexpr std::size_t kNone = ComparedStep::kNone;

using Steps = std::span<const std::size_t>;

// Pairs of siblings that are less like than this give way to an equal step elsewhere.
constexpr double kFirm = 0.6;

bool Overlap(const ComparedStep& x, const ComparedStep& y) {
  return x.start_ns < y.end_ns && y.start_ns < x.end_ns;
}

class Differ {
 public:
  Differ(std::span<const ComparedStep> a, std::span<const ComparedStep> b)
      : a_(a),
        b_(b),
        likeness_(a_, b_),
        in_b_(a.size(), kNone),
        in_a_(b.size(), kNone),
        is_moved_(a.size(), false) {}

  RunDiff Run() {
    MatchRoots();
    while (!todo_.empty()) {
      const auto [a, b] = todo_.back();
      todo_.pop_back();
      Match(a_.children(a), b_.children(b));
    }
    MatchMovedElsewhere();
    Describe();
    ListRows();
    return std::move(result_);
  }

 private:
  void Pair(std::size_t a, std::size_t b) {
    in_b_[a] = b;
    in_a_[b] = a;
    todo_.emplace_back(a, b);
  }

  // Runs with one root each are compared from there, whatever the roots are called.
  void MatchRoots() {
    if (a_.roots().size() == 1 && b_.roots().size() == 1) {
      Pair(a_.roots().front(), b_.roots().front());
    } else {
      Match(a_.roots(), b_.roots());
    }
  }

  void Match(Steps a, Steps b) {
    SiblingAlignment first = AlignSiblings(a, b, a_, b_, likeness_);
    result_.is_approximate = result_.is_approximate || first.is_approximate;
    if (first.pairs.size() < a.size() || first.pairs.size() < b.size()) {
      first = WithoutMoved(a, b, std::move(first));
    }
    for (const auto& [x, y] : first.pairs) {
      Pair(x, y);
    }
  }

  // Pairs the steps that were moved, and aligns the others again if that has freed any.
  SiblingAlignment WithoutMoved(Steps a, Steps b, SiblingAlignment first) {
    std::vector<std::size_t> a_loose;
    std::vector<std::size_t> b_loose;
    Loose(a, b, first, a_loose, b_loose);
    const std::vector<StepPair> moved = EqualSteps(a, b, a_loose, b_loose);
    if (moved.empty()) {
      return first;
    }
    for (const auto& [x, y] : moved) {
      Pair(x, y);
      is_moved_[x] = true;
    }
    std::vector<std::size_t> a_rest;
    std::vector<std::size_t> b_rest;
    std::copy_if(a.begin(), a.end(), std::back_inserter(a_rest),
                 [this](std::size_t i) { return in_b_[i] == kNone; });
    std::copy_if(b.begin(), b.end(), std::back_inserter(b_rest),
                 [this](std::size_t j) { return in_a_[j] == kNone; });
    return AlignSiblings(a_rest, b_rest, a_, b_, likeness_);
  }

  // Steps of the lists that have no pair, or one that is not firm.
  void Loose(Steps a, Steps b, const SiblingAlignment& alignment, std::vector<std::size_t>& a_loose,
             std::vector<std::size_t>& b_loose) {
    std::size_t i = 0;
    std::size_t j = 0;
    const auto skip_to = [&](std::size_t x, std::size_t y) {
      for (; i < a.size() && a[i] != x; ++i) {
        a_loose.push_back(a[i]);
      }
      for (; j < b.size() && b[j] != y; ++j) {
        b_loose.push_back(b[j]);
      }
    };
    for (const auto& [x, y] : alignment.pairs) {
      skip_to(x, y);
      if (likeness_.Of(x, y) < kFirm) {
        a_loose.push_back(x);
        b_loose.push_back(y);
      }
      ++i;
      ++j;
    }
    skip_to(kNone, kNone);
  }

  // Equal steps among the loose ones, in turn. Without content they must be the only ones of their
  // kind among all siblings: else nothing says that it is the same one.
  std::vector<StepPair> EqualSteps(Steps a, Steps b, Steps a_loose, Steps b_loose) const {
    std::unordered_map<std::uint64_t, std::vector<std::size_t>> by_hash;
    for (auto j = b_loose.rbegin(); j != b_loose.rend(); ++j) {
      by_hash[b_.node(*j).whole].push_back(*j);
    }
    std::vector<StepPair> pairs;
    for (const std::size_t i : a_loose) {
      const auto found = by_hash.find(a_.node(i).whole);
      if (found == by_hash.end() || found->second.empty()) {
        continue;
      }
      if (a_.HasContent(i) || (Count(a_, a, i) == 1 && Count(b_, b, found->second.back()) == 1)) {
        pairs.push_back({i, found->second.back()});
        found->second.pop_back();
      }
    }
    return pairs;
  }

  static std::ptrdiff_t Count(const StepTree& tree, Steps siblings, std::size_t step) {
    return std::count_if(siblings.begin(), siblings.end(), [&](std::size_t i) {
      return tree.node(i).whole == tree.node(step).whole;
    });
  }

  // Tops of what is left over that are equal and have content were moved to another parent.
  void MatchMovedElsewhere() {
    std::unordered_map<std::uint64_t, std::vector<std::size_t>> by_hash;
    for (const std::size_t j : b_.order()) {
      if (IsTop(b_, in_a_, j) && b_.HasContent(j)) {
        by_hash[b_.node(j).whole].push_back(j);
      }
    }
    std::vector<StepPair> moved;
    for (const std::size_t i : a_.order()) {
      const auto found = by_hash.find(a_.node(i).whole);
      if (IsTop(a_, in_b_, i) && found != by_hash.end() && found->second.size() == 1) {
        moved.push_back({i, found->second.front()});
        found->second.clear();
      }
    }
    for (const auto& [x, y] : moved) {
      is_moved_[x] = true;
      PairWhole(x, y);
    }
  }

  static bool IsTop(const StepTree& tree, const std::vector<std::size_t>& other, std::size_t step) {
    return other[step] == kNone &&
           (!tree.HasParent(step) || other[tree.step(step).parent] != kNone);
  }

  // Equal steps have equal steps below, at the same places.
  void PairWhole(std::size_t a, std::size_t b) {
    const std::size_t from = a_.node(a).place;
    for (std::size_t i = 0; i < a_.node(a).after - from; ++i) {
      const std::size_t x = a_.order()[from + i];
      const std::size_t y = b_.order()[b_.node(b).place + i];
      in_b_[x] = y;
      in_a_[y] = x;
    }
  }

  // An edit and the place in b at which a reader comes upon it.
  struct Placed {
    std::size_t place = 0;
    std::size_t rank = 0;  // At one place, first what is missing there.
    StepEdit edit;
  };

  void Describe() {
    for (const std::size_t i : a_.order()) {
      if (in_b_[i] != kNone) {
        result_.pairs.push_back({i, in_b_[i]});
        DescribePair(i, in_b_[i]);
      } else if (IsTop(a_, in_b_, i)) {
        Add(PlaceInB(i), 0, {.kind = EditKind::kRemoved, .a = i});
      }
    }
    for (const std::size_t j : b_.order()) {
      if (IsTop(b_, in_a_, j) && !is_attempt_.contains(j)) {
        Add(b_.node(j).place, 2, {.kind = EditKind::kAdded, .b = j});
      }
    }
    std::stable_sort(placed_.begin(), placed_.end(), [](const Placed& x, const Placed& y) {
      return std::tie(x.place, x.rank) < std::tie(y.place, y.rank);
    });
    for (Placed& placed : placed_) {
      result_.edits.push_back(std::move(placed.edit));
    }
  }

  void ListRows() {
    std::size_t next = 0;  // In a: everything before is listed, or is paired and will be.
    const auto list_removed_until = [this, &next](std::size_t place) {
      for (; next < place; ++next) {
        if (in_b_[a_.order()[next]] == kNone) {
          result_.rows.push_back({.a = a_.order()[next]});
        }
      }
    };
    for (const std::size_t j : b_.order()) {
      const std::size_t i = in_a_[j];
      if (i != kNone && !is_moved_[i]) {
        list_removed_until(a_.node(i).place);
      }
      result_.rows.push_back({i, j});
    }
    list_removed_until(a_.order().size());
  }

  void DescribePair(std::size_t i, std::size_t j) {
    const StepTree::Node& x = a_.node(i);
    const StepTree::Node& y = b_.node(j);
    StepEdit edit{.a = i,
                  .b = j,
                  .input_differs = x.input != y.input,
                  .output_differs = x.output != y.output,
                  .status_differs = a_.step(i).has_failed != b_.step(j).has_failed,
                  .attempts = {}};
    if (edit.input_differs || edit.output_differs || edit.status_differs) {
      Add(y.place, 2, edit);
    }
    if (a_.step(i).name != b_.step(j).name || a_.step(i).kind != b_.step(j).kind) {
      Add(y.place, 2, {.kind = EditKind::kRenamed, .a = i, .b = j});
    }
    if (is_moved_[i] && !IsOrderOfOverlapping(i, j)) {
      Add(std::min(y.place, PlaceInB(i)), 1, {.kind = EditKind::kMoved, .a = i, .b = j});
    }
    if (StepEdit retried{.kind = EditKind::kRetried, .a = i, .b = j}; FindAttempts(retried)) {
      const std::size_t place = b_.node(retried.attempts.front()).place;
      Add(place, 2, std::move(retried));
    }
  }

  void Add(std::size_t place, std::size_t rank, StepEdit edit) {
    placed_.push_back({.place = place, .rank = rank, .edit = std::move(edit)});
  }

  // Where a step of a that is not in its place would be in b: before the next sibling that is, else
  // after all of its parent's.
  std::size_t PlaceInB(std::size_t i) const {
    for (const std::size_t next : a_.siblings(i).subspan(a_.node(i).position + 1)) {
      if (in_b_[next] != kNone && !is_moved_[next]) {
        return b_.node(in_b_[next]).place;
      }
    }
    const std::size_t parent = a_.HasParent(i) ? in_b_[a_.step(i).parent] : kNone;
    return parent == kNone ? b_.order().size() : b_.node(parent).after;
  }

  // Whether every sibling that it passed overlaps with it in both runs: their order is chance then.
  bool IsOrderOfOverlapping(std::size_t i, std::size_t j) const {
    bool has_passed = false;
    for (const std::size_t other : a_.siblings(i)) {
      const std::size_t there = in_b_[other];
      if (there == kNone || other == i) {
        continue;
      }
      if ((a_.node(other).place < a_.node(i).place) == (b_.node(there).place < b_.node(j).place)) {
        continue;
      }
      has_passed = true;
      if (!Overlap(a_.step(other), a_.step(i)) || !Overlap(b_.step(there), b_.step(j))) {
        return false;
      }
    }
    return has_passed;
  }

  bool FindAttempts(StepEdit& edit) {
    const Steps siblings = b_.siblings(edit.b);
    const ComparedStep& step = b_.step(edit.b);
    for (std::size_t position = b_.node(edit.b).position; position > 0; --position) {
      const std::size_t attempt = siblings[position - 1];
      const ComparedStep& other = b_.step(attempt);
      if (in_a_[attempt] != kNone && !is_moved_[in_a_[attempt]]) {
        break;
      }
      if (in_a_[attempt] != kNone || !other.has_failed || other.kind != step.kind ||
          other.name != step.name || b_.node(attempt).input != b_.node(edit.b).input) {
        continue;  // Came between the attempts.
      }
      edit.attempts.push_back(attempt);
      is_attempt_.insert(attempt);
    }
    std::reverse(edit.attempts.begin(), edit.attempts.end());
    return !edit.attempts.empty();
  }

  const StepTree a_;
  const StepTree b_;
  StepLikeness likeness_;
  std::vector<std::size_t> in_b_;  // For each step of a, its pair; kNone: none.
  std::vector<std::size_t> in_a_;
  std::vector<bool> is_moved_;  // Of a.
  std::unordered_set<std::size_t> is_attempt_;
  std::vector<std::pair<std::size_t, std::size_t>> todo_;  // Pairs whose children are not matched.
  std::vector<Placed> placed_;
  RunDiff result_;
};

}  // namespace

std::string_view NameOf(EditKind kind) {
  switch (kind) {
    case EditKind::kRemoved:
      return "removed";
    case EditKind::kAdded:
      return "added";
    case EditKind::kMoved:
      return "moved";
    case EditKind::kRenamed:
      return "renamed";
    case EditKind::kChanged:
      return "changed";
    case EditKind::kRetried:
      return "retried";
  }
  return "";
}

RunDiff DiffRuns(std::span<const ComparedStep> a, std::span<const ComparedStep> b) {
  return Differ(a, b).Run();
}

StepPair FirstDivergence(const RunDiff& diff) {
  if (diff.edits.empty()) {
    return {kNone, kNone};
  }
  const StepEdit& edit = diff.edits.front();
  return {edit.a, edit.attempts.empty() ? edit.b : edit.attempts.front()};
}

}  // namespace sightline::analytics
