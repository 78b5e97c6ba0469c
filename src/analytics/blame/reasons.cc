// SPDX-License-Identifier: Apache-2.0
#include "analytics/blame/reasons.h"

#include <string_view>

#include <fmt/format.h>

namespace sightline::analytics::blame {
namespace {

struct Phrase {
  Question question;
  std::string_view text;  // {0}: the other step, {1}: its speaker, {2}: the tool.
};

// Questions without a phrase say something about the place of a step, which is no reason.
constexpr Phrase kPhrases[] = {
    {Question::kIsFirst, "the run begins with it"},
    {Question::kChanges, "it changes something with the tool {2}"},
    {Question::kExecutes, "it carries out the instruction of step {0} ({1})"},
    {Question::kByHand, "it claims work by hand that left no trace in the run"},
    {Question::kCorrects, "it replaces or repairs something done before"},
    {Question::kConcludes, "it draws a conclusion"},
    {Question::kReportsDone, "it reports success"},
    {Question::kPlans, "it lays down how to go on"},
    {Question::kRefuses, "it says that something cannot be done"},
    {Question::kBreaksDown, "its text shows that a program broke down"},
    {Question::kGivesAnswer, "values of the last answer of the run appear in it first"},
    {Question::kThenFailed, "what it ran failed in step {0} ({1})"},
    {Question::kThenEmpty, "what it ran returned next to nothing in step {0} ({1})"},
    {Question::kUncheckedNumbers, "it names numbers that no earlier step and no tool supports"},
    {Question::kNobodyAfter, "no other agent acts after it"},
    {Question::kNextComplains, "the next to act, step {0} ({1}), is not satisfied"},
    {Question::kNextCorrects, "the next to act, step {0} ({1}), corrects something"},
    {Question::kNextAgrees, "the next to act, step {0} ({1}), accepts it without a new check"},
    {Question::kWasAsked, "it answers the request of step {0} ({1})"},
    {Question::kRepeats, "it repeats step {0}"},
    {Question::kToldAgain, "the instruction it carries out is given again in step {0}"},
    {Question::kDoesWhatWasTold, "it takes up the words of the instruction of step {0} ({1})"},
};

}  // namespace

std::string ReasonFor(Question question, const Candidate& candidate, const RecordedRun& run) {
  const Answer& answer = candidate.at(question);
  if (answer.value <= 0) {
    return {};
  }
  for (const Phrase& phrase : kPhrases) {
    if (phrase.question == question) {
      std::string_view speaker;
      if (answer.about < run.steps.size()) {
        speaker = run.steps[answer.about].agent;
      }
      return fmt::format(fmt::runtime(phrase.text), answer.about, speaker,
                         run.steps[candidate.step].tool);
    }
  }
  return {};
}

}  // namespace sightline::analytics::blame
