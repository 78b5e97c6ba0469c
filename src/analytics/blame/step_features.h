// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "analytics/blame/recorded_run.h"

namespace sightline::analytics::blame {

// What is asked about every step that can be to blame. None knows an agent, a tool or a subject.
enum class Question : std::uint8_t {
  kIsFirst,
  kIsEarly,
  kProgress,
  kIsLast,
  kIsPerson,
  kIsThought,
  kIsDelegation,
  kChanges,
  kExecutes,
  kHasLastWord,
  kRequests,
  kByHand,
  kCorrects,
  kConcludes,
  kReportsDone,
  kPlans,
  kComplains,
  kRefuses,
  kBreaksDown,
  kIsShort,
  kGivesAnswer,
  kThenFailed,
  kThenEmpty,
  kUncheckedNumbers,
  kNobodyAfter,
  kNextComplains,
  kNextCorrects,
  kNextAgrees,
  kNextRequests,
  kWasAsked,
  kAfterAgreement,
  kRepeats,
  kIsRepeated,
  kToldAgain,
  kDoesWhatWasTold,
};
inline constexpr std::size_t kQuestionCount = 35;

// The name of a question in the table of weights.
std::string_view NameOf(Question question);

struct Answer {
  double value = 0;                                  // 0: no. At most a few units.
  std::size_t about = static_cast<std::size_t>(-1);  // Another step that shows it; or no step.
};

// A step that can be to blame, with the answers to all questions about it.
//
// Thread: value.
struct Candidate {
  std::size_t step = 0;
  std::array<Answer, kQuestionCount> answers{};

  Answer& at(Question question) { return answers[static_cast<std::size_t>(question)]; }

  [[nodiscard]] const Answer& at(Question question) const {
    return answers[static_cast<std::size_t>(question)];
  }
};

// In the order of the steps. Empty: nobody acts in the run.
std::vector<Candidate> DescribeSteps(const RecordedRun& run);

}  // namespace sightline::analytics::blame
