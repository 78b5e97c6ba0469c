// SPDX-License-Identifier: Apache-2.0
#include "analytics/anomaly/silence.h"

#include <algorithm>

namespace sightline::analytics {
namespace {

constexpr std::size_t kDaysAgo[] = {1, 2, 3, 7};
constexpr std::size_t kWeek = 7;
constexpr std::size_t kLeastDays = 3;
constexpr std::int64_t kLeastDue = 10;

// `is_silent` says which of the steps before were part of a silence.
std::int64_t DueAt(const std::vector<std::int64_t>& counts, const std::vector<bool>& is_silent,
                   std::size_t step, std::size_t steps_per_day) {
  if (step < kLeastDays * steps_per_day) {
    return 0;
  }
  std::optional<std::int64_t> least;
  for (const std::size_t days : kDaysAgo) {
    const std::size_t back = days * steps_per_day;
    const bool passes_over = days < kWeek && back <= step && is_silent[step - back];
    if (back <= step && !passes_over) {
      least = std::min(least.value_or(counts[step - back]), counts[step - back]);
    }
  }
  return least.value_or(0);
}

}  // namespace

std::vector<Silence> FindSilences(const std::vector<std::int64_t>& counts,
                                  std::size_t steps_per_day) {
  std::vector<Silence> silences;
  std::vector<bool> is_silent(counts.size(), false);
  std::size_t first_empty = 0;
  std::int64_t due = 0;
  for (std::size_t step = 0; step < counts.size(); ++step) {
    if (counts[step] > 0) {
      first_empty = step + 1;
      due = 0;
      continue;
    }
    due += DueAt(counts, is_silent, step, steps_per_day);
    if (due < kLeastDue) {
      continue;
    }
    if (silences.empty() || silences.back().first_step != first_empty) {
      silences.push_back({.first_step = first_empty});
      std::fill(is_silent.begin() + static_cast<std::ptrdiff_t>(first_empty),
                is_silent.begin() + static_cast<std::ptrdiff_t>(step), true);
    }
    is_silent[step] = true;
    silences.back().end_step = step + 1;
    silences.back().expected = static_cast<double>(due);
  }
  return silences;
}

}  // namespace sightline::analytics
