// SPDX-License-Identifier: Apache-2.0
#include "analytics/anomaly/anomaly_detector.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace sightline::analytics {
namespace {

constexpr double kLevelWeight = 0.1;  // Of the newest value in the recent level.
constexpr std::size_t kMeanValues = 20;
constexpr std::uint64_t kMeansApart = 10;
constexpr double kHeldShare = 0.99;  // Half after 69 values.
// The way back from a spike surprises as much as the spike.
constexpr std::uint64_t kAftermath = 5;
constexpr double kResolution = 1e-9;  // Of the largest value: rounding errors are no change.
constexpr double kLargest = 1e150;    // Its square is still a number.
constexpr std::int64_t kSecond = 1'000'000'000;

std::size_t IndexOf(AnomalyKind kind) {
  return static_cast<std::size_t>(kind);
}

// Measures of what is strange when it is small are kept as negatives.
bool IsNegated(AnomalyKind kind) {
  switch (kind) {
    case AnomalyKind::kLow:
    case AnomalyKind::kFlat:
    case AnomalyKind::kLowLevel:
      return true;
    case AnomalyKind::kHigh:
    case AnomalyKind::kRise:
    case AnomalyKind::kFall:
    case AnomalyKind::kJump:
    case AnomalyKind::kUnsteady:
    case AnomalyKind::kTimeOfDay:
    case AnomalyKind::kHighLevel:
      return false;
  }
  return false;
}

// Rise, fall, jump and time of day are measured as distances, but told as values.
bool IsDistance(AnomalyKind kind) {
  return kind == AnomalyKind::kRise || kind == AnomalyKind::kFall || kind == AnomalyKind::kJump ||
         kind == AnomalyKind::kTimeOfDay;
}

}  // namespace

std::string_view AnomalyKindName(AnomalyKind kind) {
  switch (kind) {
    case AnomalyKind::kHigh:
      return "high";
    case AnomalyKind::kLow:
      return "low";
    case AnomalyKind::kRise:
      return "rise";
    case AnomalyKind::kFall:
      return "fall";
    case AnomalyKind::kJump:
      return "jump";
    case AnomalyKind::kUnsteady:
      return "unsteady";
    case AnomalyKind::kFlat:
      return "flat";
    case AnomalyKind::kTimeOfDay:
      return "time_of_day";
    case AnomalyKind::kHighLevel:
      return "high_level";
    case AnomalyKind::kLowLevel:
      return "low_level";
  }
  return "";
}

AnomalyVerdict AnomalyDetector::Observe(std::int64_t time_ns, double value) {
  if (!std::isfinite(value)) {
    return {};
  }
  value = std::clamp(value, -kLargest, kLargest);
  magnitude_ = std::max(magnitude_, std::abs(value));
  if (recent_.empty()) {
    level_ = value;
  }
  const double last = recent_.empty() ? value : recent_.Last();
  recent_.Add(value);
  const Measures measures = MeasuresOf(time_ns / kSecond, value, last);

  AnomalyVerdict verdict;
  double cubes = 0;
  double largest = 0;
  for (std::size_t i = 0; i < kAnomalyKinds; ++i) {
    if (!measures[i].amount) {
      continue;
    }
    const double digits = tails_[i].Surprise(*measures[i].amount, kResolution * magnitude_);
    cubes += digits * digits * digits;
    if (digits > largest) {
      largest = digits;
      Explain(static_cast<AnomalyKind>(i), measures[i], value, verdict);
    }
  }
  const bool knows_usual = values_ >= kWarmUp;
  Remember(time_ns / kSecond, value, measures);
  if (!knows_usual) {
    return {};
  }
  verdict.strength = WithoutRepetition(std::cbrt(cubes / static_cast<double>(kAnomalyKinds)));
  verdict.score = verdict.strength / (verdict.strength + options_.alert_strength);
  verdict.is_alert = verdict.strength >= options_.alert_strength;
  return verdict;
}

AnomalyDetector::Measures AnomalyDetector::MeasuresOf(std::int64_t time_seconds, double value,
                                                      double last) const {
  Measures measures;
  const auto set = [&](AnomalyKind kind, double amount, std::optional<double> expected) {
    measures[IndexOf(kind)] = {.amount = amount, .expected = expected};
  };
  set(AnomalyKind::kHigh, value, std::nullopt);
  set(AnomalyKind::kLow, -value, std::nullopt);
  set(AnomalyKind::kRise, value - level_, level_);
  set(AnomalyKind::kFall, level_ - value, level_);
  set(AnomalyKind::kJump, std::abs(value - last), last);
  const double spread = recent_.Spread(RecentValues::kKept);
  set(AnomalyKind::kUnsteady, spread, std::nullopt);
  set(AnomalyKind::kFlat, -spread, std::nullopt);
  if (const auto alike = past_days_.MostAlike(time_seconds, value)) {
    set(AnomalyKind::kTimeOfDay, std::abs(value - *alike), *alike);
  }
  const double mean = recent_.Mean(kMeanValues);
  set(AnomalyKind::kHighLevel, mean, std::nullopt);
  set(AnomalyKind::kLowLevel, -mean, std::nullopt);
  return measures;
}

void AnomalyDetector::Explain(AnomalyKind kind, const Measure& measure, double value,
                              AnomalyVerdict& verdict) const {
  const double sign = IsNegated(kind) ? -1 : 1;
  verdict.kind = kind;
  verdict.observed = IsDistance(kind) ? value : sign * *measure.amount;
  verdict.expected = measure.expected ? *measure.expected : sign * tails_[IndexOf(kind)].Edge();
}

void AnomalyDetector::Remember(std::int64_t time_seconds, double value, const Measures& measures) {
  for (std::size_t i = 0; i < kAnomalyKinds; ++i) {
    const bool is_mean =
        i == IndexOf(AnomalyKind::kHighLevel) || i == IndexOf(AnomalyKind::kLowLevel);
    if (measures[i].amount && (!is_mean || values_ % kMeansApart == 0)) {
      tails_[i].Add(*measures[i].amount);
    }
  }
  ++values_;
  past_days_.Add(time_seconds, value);
  level_ += kLevelWeight * (value - level_);
}

double AnomalyDetector::WithoutRepetition(double strength) {
  held_ *= kHeldShare;
  if (strength <= held_) {
    return 0;
  }
  const bool follows_alert = alerted_at_ != 0 && values_ - alerted_at_ <= kAftermath;
  held_ = strength;
  if (strength >= options_.alert_strength) {
    alerted_at_ = values_;
  }
  return follows_alert ? 0 : strength;
}

}  // namespace sightline::analytics
