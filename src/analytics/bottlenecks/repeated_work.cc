// SPDX-License-Identifier: Apache-2.0
#include "analytics/bottlenecks/repeated_work.h"

#include <algorithm>
#include <cstdint>
#include <map>
#include <string_view>
#include <tuple>
#include <utility>

#include "analytics/blame/step_role.h"

namespace sightline::analytics {
namespace {

bool IsRetryOf(const ProfiledSpan& attempt, const ProfiledSpan& next) {
  const bool may_differ = attempt.arguments_hash == 0 || next.arguments_hash == 0;
  return attempt.has_failed && attempt.kind == next.kind && attempt.name == next.name &&
         attempt.agent == next.agent &&
         (may_differ || attempt.arguments_hash == next.arguments_hash);
}

// Steps by parent, then start.
std::vector<std::size_t> BySiblings(const ProfiledRun& run) {
  std::vector<std::size_t> steps;
  for (std::size_t i = 0; i < run.spans.size(); ++i) {
    if (run.spans[i].is_step && run.times[i].end_ns >= run.times[i].start_ns) {
      steps.push_back(i);
    }
  }
  std::sort(steps.begin(), steps.end(), [&run](std::size_t a, std::size_t b) {
    return std::tie(run.times[a].parent, run.times[a].start_ns, a) <
           std::tie(run.times[b].parent, run.times[b].start_ns, b);
  });
  return steps;
}

// When a call of a tool with these arguments had succeeded first.
using Answered = std::map<std::pair<std::string_view, std::uint64_t>, std::int64_t>;

std::string_view ToolOf(const ProfiledSpan& span) {
  return span.tool_or_model.empty() ? span.name : span.tool_or_model;
}

// Forgets every answer but that to the same call: a change that is made twice is a repeat.
void KeepOnly(const ProfiledSpan& span, Answered& answered) {
  std::erase_if(answered, [&span](const auto& entry) {
    return entry.first != std::pair(std::string_view(span.name), span.arguments_hash);
  });
}

}  // namespace

RepeatedWork FindRepeatedWork(const ProfiledRun& run) {
  RepeatedWork work;
  std::vector<bool> is_attempt(run.spans.size(), false);
  std::vector<std::size_t> steps = BySiblings(run);
  for (std::size_t i = 0; i + 1 < steps.size(); ++i) {
    const std::size_t step = steps[i];
    const std::size_t next = steps[i + 1];
    if (step != run.root && run.times[step].parent == run.times[next].parent &&
        run.times[step].end_ns <= run.times[next].start_ns &&
        IsRetryOf(run.spans[step], run.spans[next])) {
      is_attempt[step] = true;
      work.attempts.push_back(step);
    }
  }
  std::sort(steps.begin(), steps.end(), [&run](std::size_t a, std::size_t b) {
    return std::tie(run.times[a].start_ns, a) < std::tie(run.times[b].start_ns, b);
  });
  Answered first_end;
  for (const std::size_t step : steps) {
    const ProfiledSpan& span = run.spans[step];
    if (span.kind == model::SpanKind::kTool && blame::ChangesSomething(ToolOf(span))) {
      KeepOnly(span, first_end);
    }
    if (span.arguments_hash == 0 || span.has_failed || is_attempt[step]) {
      continue;
    }
    const auto [known, is_new] = first_end.emplace(
        std::pair(std::string_view(span.name), span.arguments_hash), run.times[step].end_ns);
    if (!is_new) {
      if (known->second <= run.times[step].start_ns) {
        work.repeats.push_back(step);
      }
      known->second = std::min(known->second, run.times[step].end_ns);
    }
  }
  return work;
}

}  // namespace sightline::analytics
