// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

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

// How a measure of a subject is called: "volume" for the number of runs, of calls of an agent and
// of calls of a model.
std::string_view AnomalyMeasureName(Measure measure);

// The anomalies of volume, cost, duration and failure rate that begin at `from_ns` or later. Each
// hour is judged from those before it. Hours of missing telemetry are no anomalies of anything
// else.
std::vector<FoundAnomaly> FindAnomalies(const AnomalySubject& subject, std::int64_t from_ns);

// A sentence for people.
std::string ReasonOf(const FoundAnomaly& anomaly);

}  // namespace sightline::api
