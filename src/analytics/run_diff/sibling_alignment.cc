// SPDX-License-Identifier: Apache-2.0
#include "analytics/run_diff/sibling_alignment.h"

#include <algorithm>
#include <cstdint>
#include <unordered_map>

namespace sightline::analytics {
namespace {

using Steps = std::span<const std::size_t>;

constexpr std::size_t kMostCells = 1'000'000;
constexpr std::size_t kNone = StepTree::kNone;

// Aligns one pair of lists after the other into one result.
class Aligner {
 public:
  Aligner(const StepTree& a_tree, const StepTree& b_tree, StepLikeness& likeness,
          SiblingAlignment& result)
      : a_tree_(a_tree), b_tree_(b_tree), likeness_(likeness), result_(result) {}

  void Align(Steps a, Steps b) {
    while (!a.empty() && !b.empty() && AreEqual(a.front(), b.front())) {
      Pair(a.front(), b.front());
      a = a.subspan(1);
      b = b.subspan(1);
    }
    std::size_t tail = 0;
    while (tail < a.size() && tail < b.size() &&
           AreEqual(a[a.size() - 1 - tail], b[b.size() - 1 - tail])) {
      ++tail;
    }
    const Steps a_tail = a.last(tail);
    const Steps b_tail = b.last(tail);
    AlignMiddle(a.first(a.size() - tail), b.first(b.size() - tail));
    for (std::size_t i = 0; i < tail; ++i) {
      Pair(a_tail[i], b_tail[i]);
    }
  }

 private:
  bool AreEqual(std::size_t a, std::size_t b) const {
    return a_tree_.node(a).whole == b_tree_.node(b).whole;
  }

  void Pair(std::size_t a, std::size_t b) { result_.pairs.emplace_back(a, b); }

  void AlignMiddle(Steps a, Steps b) {
    if (a.empty() || b.empty()) {
      return;
    }
    if (a.size() <= kMostCells / b.size()) {
      AlignAll(a, b);
      return;
    }
    std::size_t a_done = 0;
    std::size_t b_done = 0;
    for (const auto& [i, j] : Anchors(a, b)) {
      AlignGap(a.subspan(a_done, i - a_done), b.subspan(b_done, j - b_done));
      Pair(a[i], b[j]);
      a_done = i + 1;
      b_done = j + 1;
    }
    AlignGap(a.subspan(a_done), b.subspan(b_done));
  }

  void AlignGap(Steps a, Steps b) {
    if (a.empty() || b.empty()) {
      return;
    }
    if (a.size() <= kMostCells / b.size()) {
      AlignAll(a, b);
      return;
    }
    result_.is_approximate = true;
    AlignByName(a, b);
  }

  // Dynamic programming from the ends, so that the walk from the begins is in order.
  void AlignAll(Steps a, Steps b) {
    const std::size_t width = b.size() + 1;

    enum Move : std::uint8_t { kSkipA, kSkipB, kTake };

    std::vector<Move> moves(a.size() * b.size());
    std::vector<double> below(width, 0);
    std::vector<double> row(width, 0);
    for (std::size_t i = a.size(); i-- > 0;) {
      row[b.size()] = 0;
      for (std::size_t j = b.size(); j-- > 0;) {
        const double like = likeness_.Of(a[i], b[j]);
        Move& move = moves[i * b.size() + j];
        move = row[j + 1] > below[j] ? kSkipB : kSkipA;
        row[j] = std::max(row[j + 1], below[j]);
        if (like > 0 && below[j + 1] + like >= row[j]) {
          move = kTake;
          row[j] = below[j + 1] + like;
        }
      }
      std::swap(row, below);
    }
    for (std::size_t i = 0, j = 0; i < a.size() && j < b.size();) {
      switch (moves[i * b.size() + j]) {
        case kTake:
          Pair(a[i++], b[j++]);
          break;
        case kSkipA:
          ++i;
          break;
        case kSkipB:
          ++j;
          break;
      }
    }
  }

  // Equal steps that occur once on each side: as many as can be had without crossing (the longest
  // ascending sequence, by patience).
  std::vector<std::pair<std::size_t, std::size_t>> Anchors(Steps a, Steps b) const {
    struct Places {
      std::size_t a = kNone;
      std::size_t b = kNone;
      bool is_repeated = false;
    };

    std::unordered_map<std::uint64_t, Places> places;
    for (std::size_t i = 0; i < a.size(); ++i) {
      Places& place = places[a_tree_.node(a[i]).whole];
      place.is_repeated = place.is_repeated || place.a != kNone;
      place.a = i;
    }
    for (std::size_t j = 0; j < b.size(); ++j) {
      Places& place = places[b_tree_.node(b[j]).whole];
      place.is_repeated = place.is_repeated || place.b != kNone;
      place.b = j;
    }
    std::vector<std::pair<std::size_t, std::size_t>> both;
    for (const auto& [hash, place] : places) {
      if (!place.is_repeated && place.a != kNone && place.b != kNone) {
        both.emplace_back(place.a, place.b);
      }
    }
    std::sort(both.begin(), both.end());
    std::vector<std::size_t> tops;  // Ends of the best sequence of each length.
    std::vector<std::size_t> before(both.size(), kNone);
    for (std::size_t i = 0; i < both.size(); ++i) {
      const auto top = std::lower_bound(
          tops.begin(), tops.end(), both[i].second,
          [&both](std::size_t at, std::size_t place) { return both[at].second < place; });
      before[i] = top == tops.begin() ? kNone : *(top - 1);
      if (top == tops.end()) {
        tops.push_back(i);
      } else {
        *top = i;
      }
    }
    std::vector<std::pair<std::size_t, std::size_t>> chain;
    for (std::size_t i = tops.empty() ? kNone : tops.back(); i != kNone; i = before[i]) {
      chain.push_back(both[i]);
    }
    std::reverse(chain.begin(), chain.end());
    return chain;
  }

  void AlignByName(Steps a, Steps b) {
    std::unordered_map<std::string_view, std::vector<std::size_t>> by_name;
    for (std::size_t j = b.size(); j-- > 0;) {
      by_name[b_tree_.step(b[j]).name].push_back(j);
    }
    std::size_t next = 0;
    for (const std::size_t i : a) {
      const auto found = by_name.find(a_tree_.step(i).name);
      if (found == by_name.end()) {
        continue;
      }
      std::vector<std::size_t>& places = found->second;
      while (!places.empty() && places.back() < next) {
        places.pop_back();
      }
      if (!places.empty() && b_tree_.step(b[places.back()]).kind == a_tree_.step(i).kind) {
        Pair(i, b[places.back()]);
        next = places.back() + 1;
      }
    }
  }

  const StepTree& a_tree_;
  const StepTree& b_tree_;
  StepLikeness& likeness_;
  SiblingAlignment& result_;
};

}  // namespace

SiblingAlignment AlignSiblings(Steps a, Steps b, const StepTree& a_tree, const StepTree& b_tree,
                               StepLikeness& likeness) {
  SiblingAlignment result;
  Aligner(a_tree, b_tree, likeness, result).Align(a, b);
  return result;
}

}  // namespace sightline::analytics
