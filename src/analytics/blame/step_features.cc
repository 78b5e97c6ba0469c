// SPDX-License-Identifier: Apache-2.0
#include "analytics/blame/step_features.h"

#include <algorithm>
#include <cmath>

#include "analytics/blame/run_view.h"

namespace sightline::analytics::blame {
namespace {

constexpr std::size_t kNone = StepView::kNone;

// More phrases of a kind say no more.
constexpr int kEnoughPhrases = 3;

// A step under this many bytes has no content of its own ("done", "next speaker ...").
constexpr std::size_t kShortBytes = 60;

// How many candidates before and after a step are compared with it, so that a run of thousands of
// steps is read in linear time.
constexpr std::size_t kComparedSteps = 12;

constexpr std::array<std::string_view, kQuestionCount> kNames = {
    "is_first",        "is_early",      "progress",    "is_last",           "is_person",
    "is_thought",      "is_delegation", "changes",     "executes",          "has_last_word",
    "requests",        "by_hand",       "corrects",    "concludes",         "reports_done",
    "plans",           "complains",     "refuses",     "breaks_down",       "is_short",
    "gives_answer",    "then_failed",   "then_empty",  "unchecked_numbers", "nobody_after",
    "next_complains",  "next_corrects", "next_agrees", "next_requests",     "was_asked",
    "after_agreement", "repeats",       "is_repeated", "told_again",        "does_what_was_told"};

double Level(const StepText& text, Sign sign) {
  return static_cast<double>(std::min(text.count(sign), kEnoughPhrases)) / kEnoughPhrases;
}

double YesNo(bool is_so) {
  return is_so ? 1 : 0;
}

// Asks about one candidate after the other.
//
// Thread: confined to one call.
class Questioner {
 public:
  Questioner(const RecordedRun& run, const RunView& view) : run_(run), view_(view) {}

  Candidate Ask(std::size_t place) const {
    Candidate out{.step = view_.candidates[place]};
    AskPlace(place, out);
    AskActor(out);
    AskContent(out);
    AskOutcome(out);
    AskOthers(out);
    AskRepeats(place, out);
    return out;
  }

 private:
  const StepView& step(std::size_t index) const { return view_.steps[index]; }

  void AskPlace(std::size_t place, Candidate& out) const {
    const std::size_t count = view_.candidates.size();
    out.at(Question::kIsFirst).value = YesNo(out.step == 0);
    out.at(Question::kIsEarly).value = 1.0 / static_cast<double>(place + 1);
    out.at(Question::kProgress).value =
        count > 1 ? static_cast<double>(place) / static_cast<double>(count - 1) : 0;
    out.at(Question::kIsLast).value = YesNo(place + 1 == count);
  }

  void AskActor(Candidate& out) const {
    const RecordedStep& recorded = run_.steps[out.step];
    const Role role = step(out.step).role;
    const std::size_t last = view_.candidates.back();
    out.at(Question::kIsPerson).value = YesNo(role == Role::kPerson);
    out.at(Question::kIsThought).value = YesNo(role == Role::kThought);
    out.at(Question::kIsDelegation).value = YesNo(role == Role::kDelegation);
    out.at(Question::kChanges).value =
        YesNo(!recorded.arguments.empty() && ChangesSomething(recorded.tool));
    out.at(Question::kHasLastWord) = {YesNo(step(out.step).speaker == step(last).speaker), last};
  }

  void AskContent(Candidate& out) const {
    const StepView& me = step(out.step);
    out.at(Question::kRequests).value = Level(me.text, Sign::kRequest);
    out.at(Question::kByHand).value = Level(me.text, Sign::kByHand);
    out.at(Question::kCorrects).value = Level(me.text, Sign::kCorrection);
    out.at(Question::kConcludes).value = Level(me.text, Sign::kConclusion);
    out.at(Question::kReportsDone).value = Level(me.text, Sign::kDone);
    out.at(Question::kPlans).value = Level(me.text, Sign::kPlan);
    out.at(Question::kComplains).value = Level(me.text, Sign::kComplaint);
    out.at(Question::kRefuses).value = Level(me.text, Sign::kRefusal);
    out.at(Question::kBreaksDown).value = Level(me.text, Sign::kBreakdown);
    out.at(Question::kIsShort).value = YesNo(me.text.length < kShortBytes);
    const double values = static_cast<double>(view_.last_answer.size());
    const double given =
        ShareOf(me.new_numbers, view_.last_answer) * static_cast<double>(me.new_numbers.size()) +
        ShareOf(me.new_marked, view_.last_answer) * static_cast<double>(me.new_marked.size());
    out.at(Question::kGivesAnswer).value = values > 0 ? given / values : 0;
  }

  void AskOutcome(Candidate& out) const {
    const std::size_t after = out.step + 1;
    const Outcome outcome = after < view_.steps.size() ? step(after).reports : Outcome::kNone;
    const Outcome before = out.step > 0 ? step(out.step - 1).reports : Outcome::kNone;
    out.at(Question::kThenFailed) = {YesNo(outcome == Outcome::kFailed), after};
    out.at(Question::kThenEmpty) = {YesNo(outcome == Outcome::kEmpty), after};
    const bool is_checked = outcome != Outcome::kNone || before != Outcome::kNone;
    out.at(Question::kUncheckedNumbers).value =
        is_checked ? 0 : std::log1p(static_cast<double>(step(out.step).new_numbers.size())) / 2;
  }

  void AskOthers(Candidate& out) const {
    const StepView& me = step(out.step);
    out.at(Question::kNobodyAfter).value = YesNo(me.next_other == kNone);
    if (me.next_other != kNone) {
      const StepText& next = step(me.next_other).text;
      out.at(Question::kNextComplains) = {Level(next, Sign::kComplaint), me.next_other};
      out.at(Question::kNextCorrects) = {Level(next, Sign::kCorrection), me.next_other};
      out.at(Question::kNextAgrees) = {Level(next, Sign::kAgreement), me.next_other};
      out.at(Question::kNextRequests) = {Level(next, Sign::kRequest), me.next_other};
    }
    if (me.heard != kNone) {
      out.at(Question::kWasAsked) = {Level(step(me.heard).text, Sign::kRequest), me.heard};
      out.at(Question::kAfterAgreement) = {Level(step(me.heard).text, Sign::kAgreement), me.heard};
    }
  }

  // The most similar of the candidates from `first` up to `end` with the same speaker and role.
  Answer MostSimilar(const StepView& me, std::size_t first, std::size_t end) const {
    Answer best;
    for (std::size_t place = first; place < end; ++place) {
      const StepView& other = step(view_.candidates[place]);
      if (other.speaker == me.speaker && other.role == me.role) {
        const double similarity = Similarity(me.text.words, other.text.words);
        if (similarity > best.value) {
          best = {similarity, view_.candidates[place]};
        }
      }
    }
    return best;
  }

  void AskRepeats(std::size_t place, Candidate& out) const {
    const StepView& me = step(out.step);
    const std::size_t first = place - std::min(place, kComparedSteps);
    const std::size_t end = std::min(view_.candidates.size(), place + 1 + kComparedSteps);
    out.at(Question::kRepeats) = MostSimilar(me, first, place);
    out.at(Question::kIsRepeated) = MostSimilar(me, place + 1, end);
    out.at(Question::kExecutes) = {YesNo(me.told_in != kNone), me.told_in};
    if (me.told_in == kNone) {
      return;
    }
    const StepText& told = step(me.told_in).text;
    out.at(Question::kDoesWhatWasTold) = {ShareOf(told.words, me.text.words), me.told_in};
    if (me.next_delegation != kNone) {
      out.at(Question::kToldAgain) = {Similarity(told.words, step(me.next_delegation).text.words),
                                      me.next_delegation};
    }
  }

  const RecordedRun& run_;
  const RunView& view_;
};

}  // namespace

std::string_view NameOf(Question question) {
  return kNames[static_cast<std::size_t>(question)];
}

std::vector<Candidate> DescribeSteps(const RecordedRun& run) {
  const RunView view = ReadRun(run);
  const Questioner questioner(run, view);
  std::vector<Candidate> out;
  for (std::size_t place = 0; place < view.candidates.size(); ++place) {
    out.push_back(questioner.Ask(place));
  }
  return out;
}

}  // namespace sightline::analytics::blame
