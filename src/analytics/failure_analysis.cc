// SPDX-License-Identifier: Apache-2.0
#include "analytics/failure_analysis.h"

#include <algorithm>
#include <cstddef>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "analytics/error_groups/error_groups.h"

namespace sightline::analytics {
namespace {

void Count(const model::RunRecord& run, const FailedSteps& steps, FailureGroup& group) {
  if (group.count++ == 0) {
    group.first_seen_ns = run.start_ns;
  }
  group.last_seen_ns = std::max(group.last_seen_ns, run.start_ns);
  group.first_seen_ns = std::min(group.first_seen_ns, run.start_ns);
  if (group.samples.size() == FailureGroup::kMaxSamples) {
    group.samples.erase(group.samples.begin());
  }
  group.samples.push_back(run.trace_id);
  if (const auto found = steps.find(run.trace_id); found != steps.end()) {
    for (const std::string& name : std::set(found->second.begin(), found->second.end())) {
      ++group.steps[name];
    }
  }
  if (!run.agent.empty()) {
    ++group.agents[run.agent];
  }
  for (const std::string& model : run.models) {
    ++group.models[model];
  }
  if (!run.user_id.empty()) {
    ++group.users[run.user_id];
  }
  if (!run.version.empty()) {
    ++group.versions[run.version];
  }
}

}  // namespace

FailureAnalysis AnalyzeFailures(std::span<const model::RunRecord> runs, const FailurePeriod& period,
                                const FailedSteps& steps) {
  FailureAnalysis analysis;
  ErrorGroups problems;
  std::unordered_map<std::string, std::size_t> places;
  std::vector<std::vector<std::int64_t>> times;  // By group.
  for (const model::RunRecord& run : runs) {
    const FailureReason reason =
        ReasonOfFailure({.error_type = run.error_type, .message = run.error_message});
    ErrorGroups::Assignment problem = problems.Assign(run.error_message);
    // The group's id is of the problem alone.
    const std::string fingerprint = ErrorFingerprint(run.error_type, {}, problem.group);
    const auto [place, is_new] = places.try_emplace(fingerprint, analysis.groups.size());
    if (is_new) {
      analysis.groups.push_back({.fingerprint = fingerprint, .reason = reason});
      times.emplace_back();
    }
    times[place->second].push_back(run.start_ns);
    if (run.start_ns < period.start_ns) {
      continue;
    }
    ++analysis.reasons[reason];
    FailureGroup& group = analysis.groups[place->second];
    const std::string_view text = problem.template_text;
    group.title = run.error_type;
    if (!text.empty()) {
      group.title += group.title.empty() ? "" : ": ";
      group.title += text;
    }
    Count(run, steps, group);
  }
  for (std::size_t i = 0; i < analysis.groups.size(); ++i) {
    FailureGroup& group = analysis.groups[i];
    group.course = CourseOf(times[i], period);
    std::reverse(group.samples.begin(), group.samples.end());
  }
  std::erase_if(analysis.groups, [](const FailureGroup& group) { return group.count == 0; });
  std::stable_sort(analysis.groups.begin(), analysis.groups.end(),
                   [](const FailureGroup& a, const FailureGroup& b) { return a.count > b.count; });
  return analysis;
}

}  // namespace sightline::analytics
