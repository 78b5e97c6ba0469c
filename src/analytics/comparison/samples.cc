// SPDX-License-Identifier: Apache-2.0
#include "analytics/comparison/samples.h"

#include <algorithm>
#include <cmath>

#include "analytics/proportion.h"

namespace sightline::analytics {
namespace {

// By order statistics: the rank of the quantile is binomial.
QuantileEstimate EstimateQuantile(std::span<const double> sorted, double share) {
  const auto n = static_cast<double>(sorted.size());
  const double center = share * n;
  const double spread = kNormal95 * std::sqrt(n * share * (1 - share));
  const auto at = [&](double rank) {
    return sorted[static_cast<std::size_t>(std::clamp(rank, 0.0, n - 1))];
  };
  const double place = std::floor(share * (n - 1));
  // Of few figures the interval by ranks may begin after the estimate.
  return {.value = at(place),
          .low = at(std::min(place, std::floor(center - spread))),
          .high = at(std::ceil(center + spread))};
}

// How many of all differences b[j] - a[i] are at most `most`.
double CountDifferences(std::span<const double> a, std::span<const double> b, double most) {
  double count = 0;
  std::size_t j = 0;
  for (const double figure : a) {
    while (j < b.size() && b[j] - figure <= most) {
      ++j;
    }
    count += static_cast<double>(j);
  }
  return count;
}

// The difference of which `rank` are at most as large, to the precision of doubles.
double DifferenceAt(std::span<const double> a, std::span<const double> b, double rank) {
  double low = b.front() - a.back();
  double high = b.back() - a.front();
  // Each step halves what is left; 100 are enough for any doubles of like size.
  for (int i = 0; i < 100 && low < high; ++i) {
    const double middle = low + (high - low) / 2;
    if (middle <= low || middle >= high) {
      break;
    }
    (CountDifferences(a, b, middle) >= rank ? high : low) = middle;
  }
  return CountDifferences(a, b, low) >= rank ? low : high;
}

// Of the two sets together, the sum of t^3 - t over runs of equal figures.
double TieSum(std::span<const double> a, std::span<const double> b) {
  std::vector<double> both(a.size() + b.size());
  std::merge(a.begin(), a.end(), b.begin(), b.end(), both.begin());
  double sum = 0;
  for (std::size_t i = 0; i < both.size();) {
    std::size_t end = i;
    while (end < both.size() && both[end] == both[i]) {
      ++end;
    }
    const auto t = static_cast<double>(end - i);
    sum += t * t * t - t;
    i = end;
  }
  return sum;
}

// Pairs in which b is the larger one, ties by half.
double Wins(std::span<const double> a, std::span<const double> b) {
  double wins = 0;
  std::size_t below = 0;
  std::size_t until = 0;
  for (const double figure : b) {
    while (below < a.size() && a[below] < figure) {
      ++below;
    }
    until = std::max(until, below);
    while (until < a.size() && a[until] <= figure) {
      ++until;
    }
    wins += static_cast<double>(below) + static_cast<double>(until - below) / 2;
  }
  return wins;
}

double TwoSided(double normal) {
  return std::erfc(std::abs(normal) / std::sqrt(2.0));
}

Verdict Judge(double low, double high, double small) {
  if (low > 0) {
    return Verdict::kHigher;
  }
  if (high < 0) {
    return Verdict::kLower;
  }
  return low >= -small && high <= small ? Verdict::kNoChange : Verdict::kNotEnoughData;
}

}  // namespace

std::string_view VerdictName(Verdict verdict) {
  switch (verdict) {
    case Verdict::kHigher:
      return "higher";
    case Verdict::kLower:
      return "lower";
    case Verdict::kNoChange:
      return "no_change";
    case Verdict::kNotEnoughData:
      return "not_enough_data";
  }
  return "";
}

std::optional<SampleSummary> Summarize(std::span<const double> sorted) {
  if (sorted.empty()) {
    return std::nullopt;
  }
  double sum = 0;
  for (const double figure : sorted) {
    sum += figure;
  }
  return SampleSummary{.count = sorted.size(),
                       .mean = sum / static_cast<double>(sorted.size()),
                       .p50 = EstimateQuantile(sorted, 0.5),
                       .p95 = EstimateQuantile(sorted, 0.95)};
}

std::optional<Shift> CompareSamples(std::span<const double> a, std::span<const double> b) {
  if (a.size() < kLeastSamples || b.size() < kLeastSamples) {
    return std::nullopt;
  }
  const auto n = static_cast<double>(a.size());
  const auto m = static_cast<double>(b.size());
  const double total = n + m;
  const double variance = n * m / 12 * (total + 1 - TieSum(a, b) / (total * (total - 1)));
  Shift shift;
  if (variance <= 0) {  // All figures are equal.
    shift.verdict = Verdict::kNoChange;
    return shift;
  }
  const double excess = Wins(a, b) - n * m / 2;
  shift.p = TwoSided(std::max(0.0, std::abs(excess) - 0.5) / std::sqrt(variance));
  const double spread = kNormalOfVerdicts * std::sqrt(n * m * (total + 1) / 12);
  shift.difference = DifferenceAt(a, b, std::ceil(n * m / 2));
  shift.low = DifferenceAt(a, b, std::max(1.0, std::floor(n * m / 2 - spread)));
  shift.high = DifferenceAt(a, b, std::min(n * m, std::ceil(n * m / 2 + spread) + 1));
  shift.verdict =
      Judge(shift.low, shift.high, kSmallShift * std::abs(EstimateQuantile(a, 0.5).value));
  return shift;
}

std::optional<RateShift> CompareRates(const Part& a, const Part& b) {
  const auto least = static_cast<std::int64_t>(kLeastSamples);
  if (a.whole < least || b.whole < least) {
    return std::nullopt;
  }
  const double first = static_cast<double>(a.part) / static_cast<double>(a.whole);
  const double second = static_cast<double>(b.part) / static_cast<double>(b.whole);
  const ShareInterval one = IntervalOfShare(a.part, a.whole, kNormalOfVerdicts);
  const ShareInterval other = IntervalOfShare(b.part, b.whole, kNormalOfVerdicts);
  RateShift shift{.difference = second - first};
  shift.low = shift.difference - std::hypot(second - other.low, one.high - first);
  shift.high = shift.difference + std::hypot(other.high - second, first - one.low);
  shift.verdict = Judge(shift.low, shift.high, kSmallRate);
  return shift;
}

}  // namespace sightline::analytics
