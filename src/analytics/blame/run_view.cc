// SPDX-License-Identifier: Apache-2.0
#include "analytics/blame/run_view.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>

namespace sightline::analytics::blame {
namespace {

using Known = std::unordered_set<std::uint64_t>;

// Shorter messages close a conversation and answer nothing.
constexpr std::size_t kShortestAnswer = 40;

// What the beginning of a tool's answer says; a page it returns may speak of failures of others.
constexpr std::size_t kOutcomeBytes = 400;

// An answer of fewer bytes and words has a status line at most.
constexpr std::size_t kEmptyBytes = 60;
constexpr std::size_t kEmptyWords = 8;

Outcome OutcomeOf(const RecordedStep& step, const StepText& text) {
  const std::string plain = PlainText(std::string_view(step.text).substr(0, kOutcomeBytes));
  if (plain.find("no code") != std::string::npos) {
    return Outcome::kNone;
  }
  if (step.is_error || plain.starts_with("error") || plain.find("failed") != std::string::npos ||
      text.count(Sign::kBreakdown) >= 2) {
    return Outcome::kFailed;
  }
  return text.length < kEmptyBytes && text.words.size() < kEmptyWords ? Outcome::kEmpty
                                                                      : Outcome::kUsable;
}

bool IsHeard(Role role) {
  return role == Role::kAgent || role == Role::kDelegation || role == Role::kPerson;
}

void LinkBackwards(RunView& view) {
  std::size_t heard = StepView::kNone;
  std::size_t told = StepView::kNone;
  for (std::size_t i = 0; i < view.steps.size(); ++i) {
    StepView& step = view.steps[i];
    step.heard = heard;
    step.told_in = step.role == Role::kAgent ? told : StepView::kNone;
    heard = IsHeard(step.role) ? i : heard;
    if (step.role == Role::kDelegation) {
      told = i;
    } else if (step.role == Role::kAgent) {
      told = StepView::kNone;
    }
  }
}

void LinkForwards(RunView& view) {
  std::size_t candidate = StepView::kNone;
  std::size_t delegation = StepView::kNone;
  for (std::size_t i = view.steps.size(); i-- > 0;) {
    StepView& step = view.steps[i];
    step.next_delegation = delegation;
    if (candidate != StepView::kNone) {
      const StepView& next = view.steps[candidate];
      step.next_other = next.speaker != step.speaker ? candidate : next.next_other;
    }
    candidate = CanBeBlamed(step.role) ? i : candidate;
    delegation = step.role == Role::kDelegation ? i : delegation;
  }
}

std::vector<std::uint64_t> TakeNew(const std::vector<std::uint64_t>& values, Known& known) {
  std::vector<std::uint64_t> fresh;
  for (const std::uint64_t value : values) {
    if (known.insert(value).second) {
      fresh.push_back(value);
    }
  }
  return fresh;
}

void FindNewValues(const RecordedRun& run, RunView& view) {
  const StepText task = ReadStepText(run.task);
  Known numbers(task.numbers.begin(), task.numbers.end());
  Known marked(task.marked.begin(), task.marked.end());
  for (StepView& step : view.steps) {
    step.new_numbers = TakeNew(step.text.numbers, numbers);
    step.new_marked = TakeNew(step.text.marked, marked);
  }
}

void FindLastAnswer(RunView& view) {
  for (std::size_t k = view.candidates.size(); k-- > 0 && view.last_answer.empty();) {
    const StepView& step = view.steps[view.candidates[k]];
    if (step.role != Role::kThought && step.text.length >= kShortestAnswer) {
      view.last_answer = step.text.numbers;
      view.last_answer.insert(view.last_answer.end(), step.text.marked.begin(),
                              step.text.marked.end());
    }
  }
  std::ranges::sort(view.last_answer);
}

}  // namespace

RunView ReadRun(const RecordedRun& run) {
  RunView view;
  const std::vector<Role> roles = RolesOf(run);
  std::unordered_map<std::string, std::size_t> speakers;
  for (std::size_t i = 0; i < run.steps.size(); ++i) {
    const RecordedStep& step = run.steps[i];
    StepView& out = view.steps.emplace_back();
    out.role = roles[i];
    out.speaker = speakers.try_emplace(SpeakerKey(step.agent), speakers.size()).first->second;
    out.text = ReadStepText(step.arguments.empty() ? step.text : step.text + "\n" + step.arguments);
    out.reports = out.role == Role::kTool ? OutcomeOf(step, out.text) : Outcome::kNone;
    if (CanBeBlamed(out.role)) {
      view.candidates.push_back(i);
    }
  }
  LinkBackwards(view);
  LinkForwards(view);
  FindNewValues(run, view);
  FindLastAnswer(view);
  return view;
}

}  // namespace sightline::analytics::blame
