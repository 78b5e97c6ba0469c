// SPDX-License-Identifier: Apache-2.0
#include "api/analyses/anomaly_finder.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <utility>

#include <fmt/format.h>

#include "analytics/anomaly/silence.h"

namespace sightline::api {
namespace {

constexpr std::size_t kHoursOfDay = 24;
constexpr std::string_view kMissing = "missing_telemetry";
constexpr Measure kMeasures[] = {Measure::kRuns, Measure::kCost, Measure::kDuration,
                                 Measure::kFailureRate};

// What a kind of anomaly says of the two figures.
constexpr auto kPhrases = std::to_array<std::pair<std::string_view, std::string_view>>({
    {"high", "was {0}, above the usual ({1} and less)"},
    {"low", "was {0}, below the usual ({1} and more)"},
    {"rise", "rose to {0} from a level of {1}"},
    {"fall", "fell to {0} from a level of {1}"},
    {"jump", "went from {1} to {0} within an hour"},
    {"unsteady", "has a spread of {0} over the last 50 hours, above the usual ({1} and less)"},
    {"flat", "has a spread of {0} over the last 50 hours, below the usual ({1} and more)"},
    {"time_of_day", "was {0}; the nearest value at this time of day was {1}"},
    {"high_level", "was {0} on average over the last 20 hours, above the usual ({1} and less)"},
    {"low_level", "was {0} on average over the last 20 hours, below the usual ({1} and more)"},
});

std::vector<bool> SilentHours(std::size_t hours, const std::vector<analytics::Silence>& silences) {
  std::vector<bool> is_silent(hours, false);
  for (const analytics::Silence& silence : silences) {
    std::fill(is_silent.begin() + static_cast<std::ptrdiff_t>(silence.first_step),
              is_silent.begin() + static_cast<std::ptrdiff_t>(silence.end_step), true);
  }
  return is_silent;
}

void AddSilences(const AnomalySubject& subject, const std::vector<analytics::Silence>& silences,
                 std::int64_t from_ns, std::vector<FoundAnomaly>& found) {
  for (const analytics::Silence& silence : silences) {
    if (subject.hours.TimeOf(silence.end_step) <= from_ns) {
      continue;
    }
    // Of the events that were due none came: by chance with a probability of e^-due.
    found.push_back({.subject = subject.kind,
                     .name = subject.name,
                     .measure = Measure::kRuns,
                     .kind = kMissing,
                     .start_ns = subject.hours.TimeOf(silence.first_step),
                     .end_ns = subject.hours.TimeOf(silence.end_step),
                     .score = silence.expected / (silence.expected + 10),
                     .value = 0,
                     .observed = 0,
                     .expected = silence.expected});
  }
}

void AddStrangeHours(const AnomalySubject& subject, Measure measure,
                     const std::vector<bool>& is_silent, std::int64_t from_ns,
                     Judgement& judgement) {
  analytics::AnomalyDetector detector;
  const std::vector<double> values = subject.hours.Values(measure);
  for (std::size_t hour = 0; hour < values.size(); ++hour) {
    if (is_silent[hour] || std::isnan(values[hour])) {
      continue;
    }
    const std::int64_t start_ns = subject.hours.TimeOf(hour);
    const analytics::AnomalyVerdict verdict = detector.Observe(start_ns, values[hour]);
    if (verdict.is_alert && start_ns >= from_ns) {
      judgement.anomalies.push_back({.subject = subject.kind,
                                     .name = subject.name,
                                     .measure = measure,
                                     .kind = analytics::AnomalyKindName(verdict.kind),
                                     .start_ns = start_ns,
                                     .end_ns = start_ns + subject.hours.step_ns,
                                     .score = verdict.score,
                                     .value = values[hour],
                                     .observed = verdict.observed,
                                     .expected = verdict.expected});
    }
  }
  if (detector.values() <= kHoursNeeded) {
    judgement.not_judged.push_back(
        {.measure = measure, .hours = std::max<std::size_t>(detector.values(), 1) - 1});
  }
}

}  // namespace

std::string_view SubjectKindName(SubjectKind kind) {
  switch (kind) {
    case SubjectKind::kWorkflow:
      return "workflow";
    case SubjectKind::kAgent:
      return "agent";
    case SubjectKind::kModel:
      return "model";
  }
  return "";
}

std::string_view AnomalyMeasureName(Measure measure) {
  return measure == Measure::kRuns ? "volume" : MeasureName(measure);
}

Judgement FindAnomalies(const AnomalySubject& subject, std::int64_t from_ns) {
  std::vector<std::int64_t> counts;
  counts.reserve(subject.hours.sums.size());
  for (const query::FactSums& hour : subject.hours.sums) {
    counts.push_back(hour.count);
  }
  const std::vector<analytics::Silence> silences = analytics::FindSilences(counts, kHoursOfDay);
  const std::vector<bool> is_silent = SilentHours(counts.size(), silences);
  Judgement judgement;
  AddSilences(subject, silences, from_ns, judgement.anomalies);
  for (const Measure measure : kMeasures) {
    AddStrangeHours(subject, measure, is_silent, from_ns, judgement);
  }
  return judgement;
}

std::string ReasonOf(const FoundAnomaly& anomaly) {
  if (anomaly.kind == kMissing) {
    return fmt::format("nothing came of {} {}, where at least {:.0f} were due by the days before",
                       SubjectKindName(anomaly.subject), anomaly.name, anomaly.expected);
  }
  const auto phrase = std::find_if(kPhrases.begin(), kPhrases.end(),
                                   [&](const auto& entry) { return entry.first == anomaly.kind; });
  const auto figure = [&](double value) {
    return fmt::format(
        "{:.6g} {}", value,
        anomaly.measure == Measure::kRuns ? std::string_view("an hour") : UnitOf(anomaly.measure));
  };
  return fmt::format("{} of {} {} {}", AnomalyMeasureName(anomaly.measure),
                     SubjectKindName(anomaly.subject), anomaly.name,
                     fmt::format(fmt::runtime(phrase->second), figure(anomaly.observed),
                                 figure(anomaly.expected)));
}

}  // namespace sightline::api
