// SPDX-License-Identifier: Apache-2.0
// Whether figures of one set of runs are higher or lower than those of another. Nothing is assumed
// of their distribution: durations and costs have long tails.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace sightline::analytics {

enum class Verdict : std::uint8_t {
  kHigher,         // In the second set.
  kLower,          // In the second set.
  kNoChange,       // A difference that matters would have been seen.
  kNotEnoughData,  // There may be one: it cannot be told from so few, or so scattered, figures.
};

// "higher", "lower", "no_change", "not_enough_data".
std::string_view VerdictName(Verdict verdict);

// Several figures are compared at once, so that each is judged with 98.75 % confidence: of four
// that did not change, one is called higher or lower in at most 5 of 100 comparisons.
inline constexpr std::size_t kComparedFigures = 4;
inline constexpr double kNormalOfVerdicts = 2.4977054744123723;  // Two-sided 98.75 %.

// Sets with fewer figures are not judged.
inline constexpr std::size_t kLeastSamples = 5;

// A difference below these does not matter: share of the first median, and of rates.
inline constexpr double kSmallShift = 0.1;
inline constexpr double kSmallRate = 0.05;

// A quantile of the whole that some figures were drawn from, and between which figures it lies with
// 95 % confidence (order statistics, by the normal approximation of the binomial).
//
// Thread: value.
struct QuantileEstimate {
  double value = 0;
  double low = 0;
  double high = 0;
};

// Thread: value.
struct SampleSummary {
  std::size_t count = 0;
  double mean = 0;
  QuantileEstimate p50;
  QuantileEstimate p95;
};

// Empty for no figures. `sorted` is ascending.
std::optional<SampleSummary> Summarize(std::span<const double> sorted);

// How much higher the figures of the second set are than those of the first.
//
// Thread: value.
struct Shift {
  Verdict verdict = Verdict::kNotEnoughData;
  double difference = 0;  // Median of all differences between a figure of each (Hodges, Lehmann).
  double low = 0;         // Interval of it with the confidence of verdicts.
  double high = 0;
  double p = 1;  // Mann-Whitney, two-sided, with ties, by the normal approximation.
};

// Both ascending. Empty when one has fewer than kLeastSamples. Higher or lower when the interval
// does not hold 0; no change when all of it is within kSmallShift of the first median; else not
// enough data. Cost: linear, but for a factor of at most 100.
std::optional<Shift> CompareSamples(std::span<const double> a, std::span<const double> b);

// Some of all.
struct Part {
  std::int64_t part = 0;
  std::int64_t whole = 0;
};

// How much higher the share in the second set is.
//
// Thread: value.
struct RateShift {
  Verdict verdict = Verdict::kNotEnoughData;
  double difference = 0;  // Between -1 and 1.
  double low = -1;        // Interval of it with the confidence of verdicts.
  double high = 1;
};

// The interval is made of the two score intervals (Newcombe, Statistics in Medicine 1998, method
// 10). Empty when one has fewer than kLeastSamples. Verdicts as above, with kSmallRate.
std::optional<RateShift> CompareRates(const Part& a, const Part& b);

}  // namespace sightline::analytics
