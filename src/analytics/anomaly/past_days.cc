// SPDX-License-Identifier: Apache-2.0
#include "analytics/anomaly/past_days.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <optional>

namespace sightline::analytics {
namespace {

constexpr std::size_t kKept = 4'096;
constexpr std::int64_t kDay = 86'400;
constexpr std::int64_t kDaysAgo[] = {1, 2, 3, 7};
constexpr std::size_t kRowsAround = 2;
constexpr std::int64_t kMaxSecondsOff = 3'600;

}  // namespace

std::optional<double> PastDays::MostAlike(std::int64_t time_seconds, double value) const {
  std::optional<double> best;
  for (const std::int64_t days : kDaysAgo) {
    if (rows_.empty()) {
      break;
    }
    const std::int64_t wanted = time_seconds - days * kDay;
    const std::size_t nearest = Nearest(wanted);
    const std::size_t first = nearest - std::min(nearest, kRowsAround);
    for (std::size_t i = first; i < rows_.size() && i <= nearest + kRowsAround; ++i) {
      const auto& [time, candidate] = At(i);
      if (std::abs(time - wanted) <= kMaxSecondsOff &&
          (!best || std::abs(value - candidate) < std::abs(value - *best))) {
        best = candidate;
      }
    }
  }
  return best;
}

void PastDays::Add(std::int64_t time_seconds, double value) {
  if (rows_.size() < kKept) {
    rows_.emplace_back(time_seconds, value);
    return;
  }
  rows_[oldest_] = {time_seconds, value};
  oldest_ = (oldest_ + 1) % kKept;
}

const PastDays::Row& PastDays::At(std::size_t age_order) const {
  return rows_[(oldest_ + age_order) % rows_.size()];
}

std::size_t PastDays::Nearest(std::int64_t time_seconds) const {
  std::size_t low = 0;
  std::size_t high = rows_.size();
  while (low < high) {
    const std::size_t middle = (low + high) / 2;
    if (At(middle).first < time_seconds) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  if (low == rows_.size() ||
      (low > 0 && time_seconds - At(low - 1).first <= At(low).first - time_seconds)) {
    return low - 1;
  }
  return low;
}

}  // namespace sightline::analytics
