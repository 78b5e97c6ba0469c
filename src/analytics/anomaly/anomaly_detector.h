// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "analytics/anomaly/past_days.h"
#include "analytics/anomaly/recent_values.h"
#include "analytics/anomaly/upper_tail.h"

namespace sightline::analytics {

// What is strange about a value: the measure that was most surprising.
enum class AnomalyKind : std::uint8_t {
  kHigh,       // Higher than values were before.
  kLow,        // Lower than values were before.
  kRise,       // Further above its recent level than ever.
  kFall,       // Further below its recent level than ever.
  kJump,       // A larger step from the value before, up or down.
  kUnsteady,   // The last values spread more.
  kFlat,       // The last values spread less.
  kTimeOfDay,  // Unlike the values at the same time of day.
  kHighLevel,  // The last values are high on average.
  kLowLevel,   // The last values are low on average.
};
inline constexpr std::size_t kAnomalyKinds = 10;

// "high", "time_of_day" ...
std::string_view AnomalyKindName(AnomalyKind kind);

struct AnomalyVerdict {
  double strength = 0;  // Mean digits of surprise, >= 0; 0 while a stranger value is recent.
  double score = 0;     // The same in [0, 1): 0.5 at the strength from which on it is an alert.
  bool is_alert = false;
  AnomalyKind kind = AnomalyKind::kHigh;  // What was most surprising; meaningless for score 0.
  double observed = 0;  // Of that kind: the value, the step, the spread or the mean.
  double expected =
      0;  // What it is compared with: the edge of the usual, the level or value before.
};

// Tells, for each value of one stream when it comes, how strange it is, from those before it only.
//
// Ten measures of a value are each compared with what the same measure was before (upper_tail.h):
// the value and its negative, its distance above and below the recent level, the step from the last
// value, the spread of the last 50 (large and small), the mean of the last 20 (high and low), and
// the distance from the most alike value at the same time of day (past_days.h). The strength is the
// cubic mean of the ten surprises: two measures that agree count more than one.
//
// One event raises one alert: a strength is held and falls by 1 % with each value, and until then
// only what is stranger has a score; in the five values after an alert nothing has.
//
// Of the means only every tenth is remembered: neighbours are nearly equal, and a level that moves
// would soon be compared with itself. The measures need no unit and no step: they know neither the
// distribution nor the period of a stream. Before 50 values nothing is strange.
//
// Not responsible for missing values: call it for a step without value with 0 if that is what a
// missing value means, else do not call it.
//
// Memory: 11 KiB, and 64 KiB for the last days when full. Cost: about 2 microseconds.
//
// Thread: confined.
class AnomalyDetector {
 public:
  // Values before the first that can be strange. With fewer, the ten tails are too short to tell
  // one in a hundred from one in ten.
  static constexpr std::uint64_t kWarmUp = 50;

  struct Options {
    double alert_strength = 2.15;  // In digits of surprise; docs/analytics-anomalies.md.
  };

  AnomalyDetector() : AnomalyDetector(Options()) {}

  explicit AnomalyDetector(const Options& options) : options_(options) {}

  // Values come in the order of the stream. Times may be uneven, repeated or set back. A value that
  // is not finite is passed over: it has score 0 and leaves no trace.
  AnomalyVerdict Observe(std::int64_t time_ns, double value);

  // How many it has seen; with kWarmUp of them the next is judged.
  std::uint64_t values() const { return values_; }

 private:
  // One measure of one value. `amount` is large when it is strange.
  struct Measure {
    std::optional<double> amount;    // Empty: cannot be measured.
    std::optional<double> expected;  // Empty: the edge of what it was before.
  };

  using Measures = std::array<Measure, kAnomalyKinds>;

  // `value` is in `recent_` already; `last` came before it.
  Measures MeasuresOf(std::int64_t time_seconds, double value, double last) const;
  void Explain(AnomalyKind kind, const Measure& measure, double value,
               AnomalyVerdict& verdict) const;
  void Remember(std::int64_t time_seconds, double value, const Measures& measures);
  // Holds the strength; 0 if a larger one is held.
  double WithoutRepetition(double strength);

  Options options_;
  std::array<UpperTail, kAnomalyKinds> tails_;
  PastDays past_days_;
  RecentValues recent_;
  double level_ = 0;      // Exponential mean.
  double magnitude_ = 0;  // Of the largest value so far.
  std::uint64_t values_ = 0;
  std::uint64_t alerted_at_ = 0;  // values_ at the last strength of an alert; 0: none yet.
  double held_ = 0;
};

}  // namespace sightline::analytics
