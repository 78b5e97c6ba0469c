// SPDX-License-Identifier: Apache-2.0
#include "analytics/forecast/series.h"

#include <algorithm>
#include <cmath>

namespace sightline::analytics {
namespace {

constexpr std::int64_t kCycleSeconds[] = {3600, 86'400, 604'800, 31'557'600};
// A longer season costs too much to learn, and no caller keeps so much history.
constexpr std::size_t kLongestPeriod = 2100;
constexpr std::size_t kMostPeriods = 3;
constexpr double kWholeTolerance = 0.004;

constexpr std::size_t kNone = static_cast<std::size_t>(-1);

// The nearest known position from `at` in steps of `stride` in one direction, or kNone.
std::size_t NearestKnown(const FilledSeries& series, std::size_t at, std::ptrdiff_t stride) {
  const auto count = static_cast<std::ptrdiff_t>(series.values.size());
  for (auto i = static_cast<std::ptrdiff_t>(at) + stride; i >= 0 && i < count; i += stride) {
    if (series.is_known[static_cast<std::size_t>(i)]) {
      return static_cast<std::size_t>(i);
    }
  }
  return kNone;
}

double FillOf(const FilledSeries& series, std::size_t at, std::size_t stride) {
  const auto step = static_cast<std::ptrdiff_t>(stride);
  const std::size_t before = NearestKnown(series, at, -step);
  const std::size_t after = NearestKnown(series, at, step);
  if (before != kNone && after != kNone) {
    const double share = static_cast<double>(at - before) / static_cast<double>(after - before);
    return series.values[before] * (1 - share) + series.values[after] * share;
  }
  if (before != kNone) {
    return series.values[before];
  }
  if (after != kNone) {
    return series.values[after];
  }
  return stride > 1 ? FillOf(series, at, 1) : 0;
}

}  // namespace

std::vector<std::size_t> SuggestedPeriods(std::int64_t step_seconds, std::size_t count) {
  std::vector<std::size_t> periods;
  for (const std::int64_t cycle : kCycleSeconds) {
    const double steps = static_cast<double>(cycle) / static_cast<double>(step_seconds);
    const double rounded = std::round(steps);
    // A year is not a whole number of weeks or days; six of them drift by about one week.
    const bool is_whole = std::abs(steps - rounded) < kWholeTolerance * rounded;
    if (!is_whole || rounded < 4 || rounded > static_cast<double>(kLongestPeriod)) {
      continue;
    }
    const auto period = static_cast<std::size_t>(rounded);
    if (count >= 3 * period) {
      periods.push_back(period);
    }
  }
  if (periods.size() > kMostPeriods) {
    periods.erase(periods.begin(), periods.end() - kMostPeriods);
  }
  return periods;
}

FilledSeries FillGaps(std::span<const double> values, std::size_t period) {
  const auto first =
      std::find_if(values.begin(), values.end(), [](double value) { return std::isfinite(value); });
  FilledSeries series;
  series.values.assign(first, values.end());
  series.is_known.reserve(series.values.size());
  for (const double value : series.values) {
    series.is_known.push_back(std::isfinite(value));
    series.known_count += series.is_known.back() ? 1 : 0;
  }
  for (std::size_t i = 0; i < series.values.size(); ++i) {
    if (!series.is_known[i]) {
      series.values[i] = FillOf(series, i, std::max<std::size_t>(period, 1));
    }
  }
  return series;
}

double Mean(std::span<const double> values) {
  double mean = 0;
  double count = 0;
  for (const double value : values) {
    count += 1;
    mean += (value - mean) / count;
  }
  return mean;
}

double Quantile(std::vector<double> values, double share) {
  if (values.empty()) {
    return 0;
  }
  const double place = std::clamp(share, 0.0, 1.0) * static_cast<double>(values.size() - 1);
  const auto low = static_cast<std::size_t>(place);
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(low);
  std::nth_element(values.begin(), middle, values.end());
  const double at_low = *middle;
  if (low + 1 == values.size()) {
    return at_low;
  }
  const double at_high = *std::min_element(middle + 1, values.end());
  return at_low + (place - static_cast<double>(low)) * (at_high - at_low);
}

}  // namespace sightline::analytics
