// SPDX-License-Identifier: Apache-2.0
#include "analytics/blame/attribute.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "analytics/blame/step_features.h"

namespace sightline::analytics::blame {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

RecordedRun RunOf(std::vector<RecordedStep> steps) {
  return {.task = "", .steps = std::move(steps)};
}

double ValueOf(const RecordedRun& run, std::size_t step, Question question) {
  for (const Candidate& candidate : DescribeSteps(run)) {
    if (candidate.step == step) {
      return candidate.at(question).value;
    }
  }
  ADD_FAILURE() << "step " << step << " is no candidate";
  return 0;
}

// A clerk looks a name up, invents a figure and is believed.
RecordedRun BelievedFigure() {
  return {.task = "How many people live in Oldtown?",
          .steps = {{.agent = "user", .text = "How many people live in Oldtown?"},
                    {.agent = "Planner", .text = "Find the census of Oldtown."},
                    {.agent = "Clerk", .text = "The census table would be a good source."},
                    {.agent = "Clerk",
                     .text = "I have checked it manually. Therefore the answer is **48,113**."},
                    {.agent = "Checker", .text = "I agree, 48,113 is correct and verified."}}};
}

TEST(AttributeTest, NamesTheStepThatInventsTheAnswer) {
  const Attribution out = Attribute(BelievedFigure());
  EXPECT_EQ(out.step, 3U);
  EXPECT_EQ(out.agent, "Clerk");
  EXPECT_THAT(out.unknown_because, IsEmpty());
  EXPECT_THAT(out.steps.front().reasons,
              Contains(HasSubstr("the next to act, step 4 (Checker), accepts it")));
}

TEST(AttributeTest, NamesTheCallThatChangesTheWrongThing) {
  const Attribution out = Attribute(RunOf(
      {{.agent = "user", .text = "Drop the hose from my order."},
       {.agent = "Desk", .tool = "get_order", .arguments = R"({"id":"17"})"},
       {.agent = "Tool", .text = R"({"id":"17","items":["hose","bed"]})", .tool = "get_order"},
       {.agent = "Desk", .tool = "cancel_order", .arguments = R"({"id":"17"})"},
       {.agent = "Tool",
        .text = R"({"id":"17","status":"cancelled","items":["hose","bed"]})",
        .tool = "cancel_order"},
       {.agent = "user", .text = "I only wanted to cancel the hose, not the bed."}}));
  EXPECT_EQ(out.step, 3U);
  EXPECT_THAT(out.steps.front().reasons,
              Contains("it changes something with the tool cancel_order"));
}

TEST(AttributeTest, GivesProbabilitiesThatSumToOne) {
  const Attribution out = Attribute(BelievedFigure(), {.max_steps = 100});
  ASSERT_EQ(out.steps.size(), 4U);
  double steps = 0;
  for (const SuspectedStep& step : out.steps) {
    EXPECT_LE(step.probability, out.steps.front().probability);
    steps += step.probability;
  }
  double agents = 0;
  for (const SuspectedAgent& agent : out.agents) {
    agents += agent.probability;
  }
  EXPECT_NEAR(steps, 1, 1e-9);
  EXPECT_NEAR(agents, 1, 1e-9);
}

TEST(AttributeTest, SaysThatNobodyActed) {
  for (const RecordedRun& run :
       {RunOf({}), RunOf({{.agent = "user", .text = "hello"}}),
        RunOf({{.agent = "system", .text = "be kind"}, {.agent = "Tool", .text = "{}"}})}) {
    const Attribution out = Attribute(run);
    EXPECT_FALSE(out.step.has_value());
    EXPECT_FALSE(out.agent.has_value());
    EXPECT_EQ(out.unknown_because, "the run records no step of an agent");
    EXPECT_THAT(out.steps, IsEmpty());
  }
}

TEST(AttributeTest, SaysThatNoStepStandsOut) {
  std::vector<RecordedStep> steps;
  for (const std::string_view agent : {"a", "b", "c", "d", "e", "f"}) {
    steps.push_back({.agent = std::string(agent), .text = "Green ideas sleep furiously at noon."});
  }
  const Attribution out = Attribute(RunOf(steps));
  EXPECT_FALSE(out.step.has_value());
  EXPECT_EQ(out.unknown_because, "no step stands out from the others");
  EXPECT_FALSE(out.steps.empty());
}

TEST(AttributeTest, BlamesTheOnlyStepThereIs) {
  const Attribution out = Attribute(RunOf({{.agent = "a", .text = "No."}}));
  EXPECT_EQ(out.step, 0U);
  EXPECT_EQ(out.agent, "a");
}

TEST(AttributeTest, SaysThatTheAgentHasNoName) {
  const Attribution out = Attribute(RunOf({{.text = "No."}}));
  EXPECT_EQ(out.step, 0U);
  EXPECT_FALSE(out.agent.has_value());
  EXPECT_EQ(out.unknown_because, "the likeliest steps do not name their agent");
}

TEST(AttributeTest, CountsSpellingsOfANameAsOneAgent) {
  const Attribution out = Attribute(
      RunOf({{.agent = "Web Surfer", .text = "One."}, {.agent = "websurfer", .text = "Two."}}));
  EXPECT_EQ(out.agents.size(), 1U);
  EXPECT_EQ(out.agent, "Web Surfer");
}

TEST(AttributeTest, ListsAsManyStepsAndReasonsAsAskedFor) {
  const Attribution out = Attribute(BelievedFigure(), {.max_steps = 2, .max_reasons = 1});
  EXPECT_EQ(out.steps.size(), 2U);
  EXPECT_LE(out.steps.front().reasons.size(), 1U);
}

TEST(StepFeaturesTest, SeesWhatBecameOfACall) {
  const RecordedRun run = RunOf({{.agent = "a", .text = "run it"},
                                 {.agent = "Tool", .text = "Error: no such file"},
                                 {.agent = "a", .text = "run that"},
                                 {.agent = "Tool", .text = "exit code 0"},
                                 {.agent = "a", .text = "run this"},
                                 {.agent = "Tool",
                                  .text = "the table of all the cities of the land "
                                          "with their people and areas and mayors"}});
  EXPECT_EQ(ValueOf(run, 0, Question::kThenFailed), 1);
  EXPECT_EQ(ValueOf(run, 2, Question::kThenEmpty), 1);
  EXPECT_EQ(ValueOf(run, 4, Question::kThenFailed), 0);
  EXPECT_EQ(ValueOf(run, 4, Question::kThenEmpty), 0);
}

TEST(StepFeaturesTest, FollowsInstructions) {
  const RecordedRun run = RunOf({{.agent = "Lead", .text = "Find the oldest bridge", .to = "Scout"},
                                 {.agent = "Scout", .text = "I went to the market."},
                                 {.agent = "Lead", .text = "Find the oldest bridge", .to = "Scout"},
                                 {.agent = "Scout", .text = "The oldest bridge is here."}});
  EXPECT_EQ(ValueOf(run, 1, Question::kExecutes), 1);
  EXPECT_EQ(ValueOf(run, 1, Question::kToldAgain), 1);
  EXPECT_EQ(ValueOf(run, 3, Question::kToldAgain), 0);
  EXPECT_LT(ValueOf(run, 1, Question::kDoesWhatWasTold),
            ValueOf(run, 3, Question::kDoesWhatWasTold));
  EXPECT_EQ(ValueOf(run, 0, Question::kExecutes), 0);
}

TEST(StepFeaturesTest, FindsNumbersThatNothingSupports) {
  const RecordedRun run = {.task = "Is it 12?",
                           .steps = {{.agent = "a", .text = "It may be 12."},
                                     {.agent = "b", .text = "It is 345."},
                                     {.agent = "a", .text = "Then 345 it is."}}};
  EXPECT_EQ(ValueOf(run, 0, Question::kUncheckedNumbers), 0);
  EXPECT_GT(ValueOf(run, 1, Question::kUncheckedNumbers), 0);
  EXPECT_EQ(ValueOf(run, 2, Question::kUncheckedNumbers), 0);
}

TEST(StepFeaturesTest, FindsWhereTheAnswerCameFrom) {
  EXPECT_GT(ValueOf(BelievedFigure(), 3, Question::kGivesAnswer), 0);
  EXPECT_EQ(ValueOf(BelievedFigure(), 1, Question::kGivesAnswer), 0);
}

TEST(StepFeaturesTest, SeesRepeatedSteps) {
  const RecordedRun run = RunOf({{.agent = "a", .text = "search for the old mill"},
                                 {.agent = "b", .text = "search for the old mill"},
                                 {.agent = "a", .text = "search for the old mill"}});
  EXPECT_EQ(ValueOf(run, 0, Question::kIsRepeated), 1);
  EXPECT_EQ(ValueOf(run, 2, Question::kRepeats), 1);
  EXPECT_EQ(ValueOf(run, 1, Question::kRepeats), 0);
}

TEST(StepFeaturesTest, NamesEveryQuestionOnce) {
  std::vector<std::string_view> names;
  for (std::size_t i = 0; i < kQuestionCount; ++i) {
    names.push_back(NameOf(static_cast<Question>(i)));
    EXPECT_FALSE(names.back().empty());
  }
  std::ranges::sort(names);
  EXPECT_EQ(std::ranges::adjacent_find(names), names.end());
}

TEST(AttributeTest, ReadsLongRunsInLinearTime) {
  std::vector<RecordedStep> steps;
  for (int i = 0; i < 20'000; ++i) {
    steps.push_back({.agent = "a", .text = "step number " + std::to_string(i)});
  }
  const Attribution out = Attribute(RunOf(std::move(steps)));
  EXPECT_EQ(out.agent, "a");
  EXPECT_EQ(out.steps.size(), 5U);
}

}  // namespace
}  // namespace sightline::analytics::blame
