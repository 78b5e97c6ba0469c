// SPDX-License-Identifier: Apache-2.0
#include "analytics/what_differs/condition_pool.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace sightline::analytics {
namespace {

using Kind = RunCondition::Kind;

constexpr std::size_t kQuantiles = 40;
constexpr std::size_t kMostConditions = 2000;

class Pool {
 public:
  Pool(std::span<const RunColumn> columns, std::size_t runs) : columns_(columns), runs_(runs) {}

  std::vector<PooledCondition> Fill() {
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      const RunColumn& column = columns_[i];
      AddPresence(i);
      if (column.is_text()) {
        AddTexts(i);
      } else {
        AddThresholds(i);
      }
    }
    if (pool_.size() > kMostConditions) {
      KeepMostFrequent();
    }
    return std::move(pool_);
  }

 private:
  void AddPresence(std::size_t column) {
    RunSet runs(runs_);
    const RunCondition condition{.column = column, .kind = Kind::kPresent};
    for (std::size_t run = 0; run < runs_; ++run) {
      if (Holds(condition, columns_[column], run)) {
        runs.Insert(run);
      }
    }
    const std::size_t count = runs.Count();
    if (count > 0 && count < runs_) {
      pool_.push_back({condition, std::move(runs)});
    }
  }

  void AddTexts(std::size_t column) {
    const std::vector<std::uint32_t>& codes = columns_[column].codes;
    std::vector<std::size_t> counts(columns_[column].texts.size(), 0);
    for (const std::uint32_t code : codes) {
      if (code < counts.size()) {
        ++counts[code];
      }
    }
    const auto present = static_cast<std::size_t>(std::count_if(
        codes.begin(), codes.end(), [](std::uint32_t code) { return code != RunColumn::kNoText; }));
    std::vector<std::size_t> places(counts.size(), counts.size());
    const std::size_t begin = pool_.size();
    for (std::size_t code = 0; code < counts.size(); ++code) {
      // A value that all have says nothing, or what presence says.
      if (counts[code] >= 2 && counts[code] < present) {
        places[code] = pool_.size() - begin;
        pool_.push_back(
            {{.column = column, .kind = Kind::kEquals, .code = static_cast<std::uint32_t>(code)},
             RunSet(runs_)});
      }
    }
    for (std::size_t run = 0; run < codes.size(); ++run) {
      if (codes[run] < places.size() && places[codes[run]] < places.size()) {
        pool_[begin + places[codes[run]]].runs.Insert(run);
      }
    }
  }

  void AddThresholds(std::size_t column) {
    const std::vector<double>& numbers = columns_[column].numbers;
    std::vector<double> sorted;
    std::copy_if(numbers.begin(), numbers.end(), std::back_inserter(sorted),
                 [](double number) { return !std::isnan(number); });
    std::sort(sorted.begin(), sorted.end());
    std::vector<double> values = sorted;
    values.erase(std::unique(values.begin(), values.end()), values.end());
    if (values.size() > kQuantiles) {
      values.clear();
      for (std::size_t i = 0; i <= kQuantiles; ++i) {
        values.push_back(sorted[i * (sorted.size() - 1) / kQuantiles]);
      }
      values.erase(std::unique(values.begin(), values.end()), values.end());
    }
    for (std::size_t i = 0; i < values.size(); ++i) {
      if (i > 0) {
        AddThreshold({.column = column, .kind = Kind::kAtLeast, .low = values[i]});
      }
      if (i + 1 < values.size() && !columns_[column].is_never_upper_bound) {
        AddThreshold({.column = column, .kind = Kind::kAtMost, .high = values[i]});
      }
    }
  }

  void AddThreshold(const RunCondition& condition) {
    PooledCondition& entry = pool_.emplace_back(PooledCondition{condition, RunSet(runs_)});
    for (std::size_t run = 0; run < runs_; ++run) {
      if (Holds(condition, columns_[condition.column], run)) {
        entry.runs.Insert(run);
      }
    }
  }

  void KeepMostFrequent() {
    std::vector<std::pair<std::size_t, std::size_t>> order;
    for (std::size_t i = 0; i < pool_.size(); ++i) {
      order.emplace_back(pool_[i].runs.Count(), i);
    }
    std::sort(order.begin(), order.end(), [](const auto& a, const auto& b) {
      return a.first != b.first ? a.first > b.first : a.second < b.second;
    });
    order.resize(kMostConditions);
    std::sort(order.begin(), order.end(),
              [](const auto& a, const auto& b) { return a.second < b.second; });
    std::vector<PooledCondition> kept;
    for (const auto& [count, i] : order) {
      kept.push_back(std::move(pool_[i]));
    }
    pool_ = std::move(kept);
  }

  std::span<const RunColumn> columns_;
  std::size_t runs_;
  std::vector<PooledCondition> pool_;
};

bool IsThreshold(Kind kind) {
  return kind == Kind::kAtLeast || kind == Kind::kAtMost;
}

}  // namespace

std::vector<PooledCondition> PoolConditions(std::span<const RunColumn> columns, std::size_t runs) {
  return Pool(columns, runs).Fill();
}

bool CanCombine(const RunCondition& a, const RunCondition& b) {
  if (a.column != b.column) {
    return true;
  }
  if (!IsThreshold(a.kind) || !IsThreshold(b.kind) || a.kind == b.kind) {
    return false;
  }
  return a.kind == Kind::kAtLeast ? a.low <= b.high : b.low <= a.high;
}

std::vector<RunCondition> Combine(const RunCondition& a, const RunCondition& b) {
  if (a.column != b.column) {
    return {a, b};
  }
  const RunCondition& low = a.kind == Kind::kAtLeast ? a : b;
  const RunCondition& high = a.kind == Kind::kAtLeast ? b : a;
  return {{.column = a.column, .kind = Kind::kBetween, .low = low.low, .high = high.high}};
}

}  // namespace sightline::analytics
