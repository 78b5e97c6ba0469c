// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "analytics/failure_course.h"
#include "analytics/failure_reasons.h"
#include "model/ids.h"
#include "model/run_record.h"

namespace sightline::analytics {

// Failed runs that have one problem.
//
// Thread: value.
struct FailureGroup {
  static constexpr std::size_t kMaxSamples = 5;

  std::string fingerprint;  // Of error type and problem; see error_groups.h.
  std::string title;        // What the messages have in common.
  FailureReason reason = FailureReason::kUnknown;
  std::int64_t count = 0;
  std::int64_t first_seen_ns = 0;
  std::int64_t last_seen_ns = 0;
  std::vector<model::TraceId> samples;        // The newest ones.
  std::map<std::string, std::int64_t> steps;  // That failed in its runs: how many of these.
  std::map<std::string, std::int64_t> agents;
  std::map<std::string, std::int64_t> models;
  std::map<std::string, std::int64_t> users;
  std::map<std::string, std::int64_t> versions;
  FailureCourse course;
};

struct FailureAnalysis {
  std::map<FailureReason, std::int64_t> reasons;
  std::vector<FailureGroup> groups;  // The most frequent first.
};

// Names of the steps of a run that failed, by run; a name may be there several times.
using FailedSteps = std::map<model::TraceId, std::vector<std::string>>;

// What went wrong in runs that failed, by the error type and message of their roots. `runs` in
// order of start; those from before the period tell only which problems are new. Pure; cost: linear
// in the messages.
FailureAnalysis AnalyzeFailures(std::span<const model::RunRecord> runs,
                                const FailurePeriod& period = {}, const FailedSteps& steps = {});

}  // namespace sightline::analytics
