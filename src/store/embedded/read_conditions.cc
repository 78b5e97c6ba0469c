// SPDX-License-Identifier: Apache-2.0
#include "store/embedded/read_conditions.h"

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <string_view>
#include <utility>

#include <fmt/format.h>

namespace sightline::store::embedded {
namespace {

constexpr std::int64_t kNearRows = 1024;  // Half a vector.
constexpr std::size_t kMaxConditions = 32;

std::string Between(std::string_view column, std::int64_t first, std::int64_t last) {
  return fmt::format("{} BETWEEN {} AND {}", column, first, last);
}

std::int64_t LastOf(const RowRange& range) {
  return range.first + range.count - 1;
}

std::string SeqIn(const RowRange& range) {
  return Between("seq", range.first, LastOf(range));
}

// In order, and those joined that lie near together.
std::vector<RowRange> JoinNear(std::vector<RowRange> ranges) {
  std::sort(ranges.begin(), ranges.end(), [](const RowRange& a, const RowRange& b) {
    return std::pair(a.day, a.first) < std::pair(b.day, b.first);
  });
  std::vector<RowRange> joined;
  for (const RowRange& range : ranges) {
    if (!joined.empty() && joined.back().day == range.day &&
        range.first - LastOf(joined.back()) <= kNearRows) {
      const std::int64_t count = LastOf(range) + 1 - joined.back().first;
      joined.back().count = std::max(joined.back().count, static_cast<std::uint32_t>(count));
    } else {
      joined.push_back(range);
    }
  }
  return joined;
}

std::string OneCondition(std::span<const RowRange> ranges) {
  std::vector<std::string> tests;
  tests.reserve(ranges.size());
  for (const RowRange& range : ranges) {
    tests.push_back(SeqIn(range));
  }
  return fmt::format("{} AND ({})", Between("seq", ranges.front().first, LastOf(ranges.back())),
                     fmt::join(tests, " OR "));
}

// Sorted ids of which neighbours lie near together.
std::vector<std::span<const std::uint64_t>> Groups(std::span<const std::uint64_t> sorted) {
  std::vector<std::span<const std::uint64_t>> groups;
  std::size_t first = 0;
  for (std::size_t i = 1; i <= sorted.size(); ++i) {
    if (i == sorted.size() || sorted[i] - sorted[i - 1] > kNearRows) {
      groups.push_back(sorted.subspan(first, i - first));
      first = i;
    }
  }
  return groups;
}

// Where most of the interval is not asked for, texts are not decoded for all of it.
std::string IdsIn(std::span<const std::uint64_t> group) {
  constexpr std::size_t kFew = 4;
  const std::string between = Between("id", static_cast<std::int64_t>(group.front()),
                                      static_cast<std::int64_t>(group.back()));
  return group.back() - group.front() < kFew * group.size()
             ? between
             : fmt::format("{} AND id IN ({})", between, fmt::join(group, ", "));
}

}  // namespace

std::vector<DayCondition> SliceConditions(std::vector<RowRange> slices) {
  std::vector<DayCondition> conditions;
  for (const RowRange& range : JoinNear(std::move(slices))) {
    conditions.push_back({.day = range.day, .seq = SeqIn(range)});
  }
  return conditions;
}

std::vector<DayCondition> TraceConditions(std::vector<RowRange> slices) {
  const std::vector<RowRange> joined = JoinNear(std::move(slices));
  std::vector<DayCondition> conditions;
  for (auto first = joined.begin(); first != joined.end();) {
    const auto last = std::find_if(first, joined.end(),
                                   [&](const RowRange& range) { return range.day != first->day; });
    if (static_cast<std::size_t>(last - first) > kMaxConditions) {
      conditions.push_back({.day = first->day, .seq = OneCondition({first, last})});
    } else {
      std::transform(first, last, std::back_inserter(conditions), [](const RowRange& range) {
        return DayCondition{.day = range.day, .seq = SeqIn(range)};
      });
    }
    first = last;
  }
  return conditions;
}

std::vector<std::string> BodyConditions(std::span<const std::uint64_t> ids) {
  std::vector<std::uint64_t> sorted(ids.begin(), ids.end());
  std::sort(sorted.begin(), sorted.end());
  std::vector<std::span<const std::uint64_t>> groups = Groups(sorted);
  if (groups.size() > kMaxConditions) {
    groups = {sorted};
  }
  std::vector<std::string> conditions;
  conditions.reserve(groups.size());
  for (const std::span<const std::uint64_t> group : groups) {
    conditions.push_back(IdsIn(group));
  }
  return conditions;
}

}  // namespace sightline::store::embedded
