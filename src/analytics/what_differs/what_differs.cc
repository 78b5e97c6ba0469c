// SPDX-License-Identifier: Apache-2.0
#include "analytics/what_differs/what_differs.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

#include "analytics/what_differs/association.h"
#include "analytics/what_differs/condition_pool.h"
#include "analytics/what_differs/run_set.h"

namespace sightline::analytics {
namespace {

using Kind = RunCondition::Kind;

// Single conditions and pairs share the error level equally: there are a thousand times as many
// pairs, which would make single conditions hard to find.
constexpr double kShares = 2;

// Pairs that are looked at closely, the least likely first. Most of the others hold the same
// condition, with a second one that adds nothing.
constexpr std::size_t kMostPairs = 1000;

constexpr double kSameRuns = 0.95;  // Jaccard index of conditions that are true of the same runs.

struct Found {
  std::vector<RunCondition> conditions;
  double log_p = 0;  // Corrected.
};

// A pair of pooled conditions.
struct Pair {
  std::size_t first = 0;
  std::size_t second = 0;
  RunCount count = {};
  double log_p = 0;  // Of exactly so many; not corrected.
};

// Finds the best condition among the runs that no finding names yet.
class Search {
 public:
  Search(std::span<const RunColumn> columns, const std::vector<bool>& is_selected, double level)
      : columns_(columns),
        size_(is_selected.size()),
        log_level_(std::log(level)),
        test_(size_),
        pool_(PoolConditions(columns, size_)),
        selected_(size_),
        alive_(size_) {
    for (std::size_t run = 0; run < size_; ++run) {
      alive_.Insert(run);
      if (is_selected[run]) {
        selected_.Insert(run);
      }
    }
    for (const RunColumn& column : columns) {
      orders_.push_back(OrderOf(column));
    }
  }

  std::optional<Found> Next() {
    all_ = {.runs = alive_.Count(), .selected = alive_.CountWith(selected_)};
    if (all_.selected == 0 || all_.selected == all_.runs) {
      return std::nullopt;
    }
    std::optional<Found> best = BestSingle();
    std::optional<Found> pair = BestPair(best.has_value() ? best->log_p : log_level_);
    if (pair.has_value()) {
      best = std::move(pair);
    }
    return best;
  }

  RunSet RunsOf(const std::vector<RunCondition>& conditions) const {
    RunSet runs(size_);
    for (std::size_t run = 0; run < size_; ++run) {
      if (std::all_of(conditions.begin(), conditions.end(), [&](const RunCondition& condition) {
            return Holds(condition, columns_[condition.column], run);
          })) {
        runs.Insert(run);
      }
    }
    return runs;
  }

  void PutAside(const RunSet& runs) { alive_ = alive_.Without(runs); }

  const RunSet& selected() const { return selected_; }

  const std::vector<PooledCondition>& pool() const { return pool_; }

 private:
  static std::vector<std::size_t> OrderOf(const RunColumn& column) {
    std::vector<std::size_t> order;
    for (std::size_t run = 0; run < column.numbers.size(); ++run) {
      if (!std::isnan(column.numbers[run])) {
        order.push_back(run);
      }
    }
    std::stable_sort(order.begin(), order.end(), [&column](std::size_t a, std::size_t b) {
      return column.numbers[a] < column.numbers[b];
    });
    return order;
  }

  bool IsOver(const RunCount& part) const {
    return part.selected * all_.runs > all_.selected * part.runs;
  }

  // Remembers the condition if it is less likely than the best so far.
  struct Best {
    RunCondition condition;
    double log_p = 0;
  };

  void Try(const RunCondition& condition, const RunCount& part,
           std::vector<std::size_t>& tests_by_size, Best& best) const {
    if (part.runs == 0 || part.runs == all_.runs) {
      return;
    }
    ++tests_by_size[part.runs];
    if (!IsOver(part) || test_.LogOfExactly(all_, part) >= best.log_p) {
      return;
    }
    const double log_p = test_.LogP(all_, part);
    if (log_p < best.log_p) {
      best = {condition, log_p};
    }
  }

  std::optional<Found> BestSingle() const {
    std::vector<std::size_t> tests_by_size(size_ + 1, 0);
    Best best;
    const RunSet alive_selected = alive_.With(selected_);
    for (const PooledCondition& entry : pool_) {
      if (entry.condition.kind == Kind::kEquals || entry.condition.kind == Kind::kPresent) {
        Try(entry.condition,
            {.runs = entry.runs.CountWith(alive_),
             .selected = entry.runs.CountWith(alive_selected)},
            tests_by_size, best);
      }
    }
    for (std::size_t column = 0; column < columns_.size(); ++column) {
      TryThresholds(column, tests_by_size, best);
    }
    const double log_p = best.log_p + LogCorrection(tests_by_size);
    if (log_p > log_level_) {
      return std::nullopt;
    }
    return Found{{best.condition}, log_p};
  }

  // Every value of a column of numbers, from both ends.
  void TryThresholds(std::size_t column, std::vector<std::size_t>& tests_by_size,
                     Best& best) const {
    const std::vector<std::size_t>& order = orders_[column];
    const std::vector<double>& numbers = columns_[column].numbers;
    RunCount part;
    for (std::size_t i = 0; i < order.size(); ++i) {
      Count(order[i], part);
      if (i + 1 < order.size() && numbers[order[i]] < numbers[order[i + 1]] &&
          !columns_[column].is_never_upper_bound) {
        Try({.column = column, .kind = Kind::kAtMost, .high = numbers[order[i]]}, part,
            tests_by_size, best);
      }
    }
    part = {};
    for (std::size_t i = order.size(); i-- > 1;) {
      Count(order[i], part);
      if (numbers[order[i - 1]] < numbers[order[i]]) {
        Try({.column = column, .kind = Kind::kAtLeast, .low = numbers[order[i]]}, part,
            tests_by_size, best);
      }
    }
  }

  void Count(std::size_t run, RunCount& part) const {
    part.runs += alive_.Contains(run) ? 1 : 0;
    part.selected += alive_.Contains(run) && selected_.Contains(run) ? 1 : 0;
  }

  // What to add to a log p of one of these tests.
  double LogCorrection(const std::vector<std::size_t>& tests_by_size) const {
    const std::size_t tests =
        TestsToCorrectFor(test_, all_, tests_by_size, log_level_ - std::log(kShares));
    return std::log(kShares * static_cast<double>(tests));
  }

  // The best pair that is better than `log_p` (corrected) and needs both of its conditions.
  std::optional<Found> BestPair(double log_p) const {
    const double correction = LogCorrection(PairsBySize());
    std::vector<Pair> pairs = LikelyPairs(log_p - correction);
    for (Pair& pair : pairs) {
      pair.log_p = test_.LogP(all_, pair.count) + correction;
    }
    std::stable_sort(pairs.begin(), pairs.end(),
                     [](const Pair& a, const Pair& b) { return a.log_p < b.log_p; });
    for (const Pair& pair : pairs) {
      if (pair.log_p >= log_p) {
        break;
      }
      const PooledCondition& first = pool_[pair.first];
      const PooledCondition& second = pool_[pair.second];
      if (Adds(first.runs, second.runs) && Adds(second.runs, first.runs)) {
        return Found{Combine(first.condition, second.condition), pair.log_p};
      }
    }
    return std::nullopt;
  }

  // How many pairs are of at most so many runs: as many as the smaller of the two has, up to the
  // number at which they can be least likely.
  std::vector<std::size_t> PairsBySize() const {
    std::vector<std::size_t> sizes;
    for (const PooledCondition& entry : pool_) {
      sizes.push_back(std::min(entry.runs.CountWith(alive_), all_.selected));
    }
    std::vector<std::size_t> tests_by_size(size_ + 1, 0);
    for (std::size_t i = 0; i < pool_.size(); ++i) {
      for (std::size_t j = i + 1; j < pool_.size(); ++j) {
        if (CanCombine(pool_[i].condition, pool_[j].condition)) {
          ++tests_by_size[std::min(sizes[i], sizes[j])];
        }
      }
    }
    return tests_by_size;
  }

  // The runs of each pooled condition that are in `runs`, numbered from 0.
  std::vector<RunSet> Among(const RunSet& runs) const {
    std::vector<std::size_t> members;
    for (std::size_t run = 0; run < size_; ++run) {
      if (runs.Contains(run)) {
        members.push_back(run);
      }
    }
    std::vector<RunSet> sets;
    for (const PooledCondition& entry : pool_) {
      RunSet& set = sets.emplace_back(members.size());
      for (std::size_t i = 0; i < members.size(); ++i) {
        if (entry.runs.Contains(members[i])) {
          set.Insert(i);
        }
      }
    }
    return sets;
  }

  // The least likely pairs that hold more selected runs than chance gives and whose log p may be
  // below the given one.
  std::vector<Pair> LikelyPairs(double log_p) const {
    const std::vector<RunSet> selected = Among(alive_.With(selected_));
    const std::vector<RunSet> others = Among(alive_.Without(selected_));
    const std::size_t least = LeastSelected(log_p);
    const auto is_likelier = [](const Pair& a, const Pair& b) { return a.log_p < b.log_p; };
    std::vector<std::size_t> likely;  // Conditions with enough selected runs.
    for (std::size_t i = 0; i < pool_.size(); ++i) {
      if (selected[i].Count() >= least) {
        likely.push_back(i);
      }
    }
    std::vector<Pair> heap;  // The likeliest on top.
    for (std::size_t first = 0; first < likely.size(); ++first) {
      const std::size_t i = likely[first];
      for (std::size_t second = first + 1; second < likely.size(); ++second) {
        const std::size_t j = likely[second];
        Pair pair{.first = i, .second = j};
        pair.count.selected = selected[i].CountWith(selected[j]);
        if (pair.count.selected < least || !CanCombine(pool_[i].condition, pool_[j].condition)) {
          continue;
        }
        pair.count.runs = pair.count.selected + others[i].CountWith(others[j]);
        pair.log_p = test_.LogOfExactly(all_, pair.count);
        if (!IsOver(pair.count) || pair.log_p >= log_p ||
            (heap.size() == kMostPairs && pair.log_p >= heap.front().log_p)) {
          continue;
        }
        if (heap.size() == kMostPairs) {
          std::pop_heap(heap.begin(), heap.end(), is_likelier);
          heap.pop_back();
        }
        heap.push_back(pair);
        std::push_heap(heap.begin(), heap.end(), is_likelier);
      }
    }
    return heap;
  }

  // Parts with fewer selected runs cannot be that unlikely.
  std::size_t LeastSelected(double log_p) const {
    std::size_t least = 1;
    while (least <= all_.selected && test_.LeastLogP(all_, least) >= log_p) {
      ++least;
    }
    return least;
  }

  // Whether among the runs of `given` those of `added` hold more selected ones than chance gives,
  // corrected for all that could have been added.
  bool Adds(const RunSet& given, const RunSet& added) const {
    const RunSet there = given.With(alive_);
    const RunSet both = there.With(added);
    const RunCount all{.runs = there.Count(), .selected = there.CountWith(selected_)};
    const RunCount part{.runs = both.Count(), .selected = both.CountWith(selected_)};
    return test_.LogP(all, part) + std::log(static_cast<double>(pool_.size())) < log_level_;
  }

  std::span<const RunColumn> columns_;
  std::size_t size_;
  double log_level_;
  AssociationTest test_;
  std::vector<PooledCondition> pool_;
  std::vector<std::vector<std::size_t>> orders_;  // For columns of numbers, runs by value.
  RunSet selected_;
  RunSet alive_;  // Runs that no finding names.
  RunCount all_;  // Of these.
};

Difference Describe(const Found& found, const Search& search, const RunSet& runs,
                    const std::vector<bool>& is_selected, const DifferenceOptions& options) {
  Difference result{.conditions = found.conditions, .p = std::exp(found.log_p)};
  result.runs = runs.Count();
  result.selected = runs.CountWith(search.selected());
  const auto all_selected = static_cast<double>(search.selected().Count());
  result.lift = static_cast<double>(result.selected) / static_cast<double>(result.runs) /
                (all_selected / static_cast<double>(is_selected.size()));
  for (std::size_t run = 0; run < is_selected.size(); ++run) {
    if (result.examples.size() == options.max_examples) {
      break;
    }
    if (is_selected[run] && runs.Contains(run)) {
      result.examples.push_back(run);
    }
  }
  for (const PooledCondition& other : search.pool()) {
    if (result.also.size() == options.max_also) {
      break;
    }
    const bool is_of_finding = std::any_of(
        found.conditions.begin(), found.conditions.end(),
        [&other](const RunCondition& own) { return own.column == other.condition.column; });
    const std::size_t both = runs.CountWith(other.runs);
    const std::size_t any = result.runs + other.runs.Count() - both;
    if (!is_of_finding && static_cast<double>(both) >= kSameRuns * static_cast<double>(any)) {
      result.also.push_back(other.condition);
    }
  }
  return result;
}

}  // namespace

std::vector<Difference> FindDifferences(std::span<const RunColumn> columns,
                                        const std::vector<bool>& is_selected,
                                        const DifferenceOptions& options) {
  std::vector<Difference> found;
  Search search(columns, is_selected, options.level);
  while (found.size() < options.max_findings) {
    const std::optional<Found> next = search.Next();
    if (!next.has_value()) {
      break;
    }
    const RunSet runs = search.RunsOf(next->conditions);
    found.push_back(Describe(*next, search, runs, is_selected, options));
    search.PutAside(runs);
  }
  return found;
}

}  // namespace sightline::analytics
