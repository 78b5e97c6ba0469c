// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "analytics/anomaly/anomaly_detector.h"
#include "api/sums/fact_series.h"

namespace sightline::api {

// What hourly sums are of.
enum class SubjectKind : std::uint8_t { kWorkflow, kAgent, kModel };

// "workflow", "agent", "model".
std::string_view SubjectKindName(SubjectKind kind);

// Thread: value.
struct AnomalySubject {
  SubjectKind kind = SubjectKind::kWorkflow;
  std::string name;
  FactSeries hours;
};

// Something strange about one measure of a subject.
//
// Thread: value.
struct FoundAnomaly {
  SubjectKind subject = SubjectKind::kWorkflow;
  std::string name;
  Measure measure = Measure::kRuns;
  std::string_view kind;  // AnomalyKindName, or "missing_telemetry".
  std::int64_t start_ns = 0;
  std::int64_t end_ns = 0;
  double score = 0;     // [0.5, 1).
  double value = 0;     // Of the measure in the hour.
  double observed = 0;  // What was strange, and what it is compared with.
  double expected = 0;
};

// A measure of a subject of which too little is known to call an hour strange.
//
// Thread: value.
struct ThinHistory {
  Measure measure = Measure::kRuns;
  std::size_t hours = 0;  // With a value, before the newest one; below kHoursNeeded.
};

inline constexpr std::size_t kHoursNeeded = analytics::AnomalyDetector::kWarmUp;

// What was found out about a subject.
//
// Thread: value.
struct Judgement {
  std::vector<FoundAnomaly> anomalies;
  std::vector<ThinHistory> not_judged;
};

// How a measure of a subject is called: "volume" for the number of runs, of calls of an agent and
// of calls of a model.
std::string_view AnomalyMeasureName(Measure measure);

// The anomalies of volume, cost, duration and failure rate that begin at `from_ns` or later. Each
// hour is judged from those before it that have a value: without a run there is no duration, and
// without a priced call no cost. Hours of missing telemetry are no anomalies of anything else.
Judgement FindAnomalies(const AnomalySubject& subject, std::int64_t from_ns);

// A sentence for people.
std::string ReasonOf(const FoundAnomaly& anomaly);

}  // namespace sightline::api
