// SPDX-License-Identifier: Apache-2.0
#include "analytics/blame/step_text.h"

#include <string>
#include <string_view>

#include <gtest/gtest.h>

namespace sightline::analytics::blame {
namespace {

struct SignCase {
  std::string_view text;
  Sign sign;
  int count;
};

TEST(StepTextTest, CountsPhrasesOfEachSign) {
  const SignCase cases[] = {
      {"Could you send the file? Please provide a path.", Sign::kRequest, 2},
      {"I have manually checked the page.", Sign::kByHand, 1},
      {"I agree, the figure is correct.", Sign::kAgreement, 2},
      {"Let's fix it and try again.", Sign::kCorrection, 2},
      {"Therefore the answer is 12.", Sign::kConclusion, 2},
      {"The order has been changed successfully.", Sign::kDone, 2},
      {"Let's start: first, I will load the table.", Sign::kPlan, 3},
      {"The request has not been answered yet, we are in a loop.", Sign::kComplaint, 2},
      {"Unfortunately, I cannot cancel single items.", Sign::kRefusal, 2},
      {"Traceback (most recent call last): error code: 400", Sign::kBreakdown, 2},
      {"The weather was fine.", Sign::kBreakdown, 0},
      {"", Sign::kPlan, 0},
  };
  for (const SignCase& one : cases) {
    EXPECT_EQ(ReadStepText(one.text).count(one.sign), one.count) << one.text;
  }
}

TEST(StepTextTest, FindsPhrasesWhateverTheCaseTheApostropheAndTheLineBreaks) {
  EXPECT_EQ(ReadStepText("I\xE2\x80\x99m sorry").count(Sign::kRefusal), 1);
  EXPECT_EQ(ReadStepText("TRY\nAGAIN").count(Sign::kCorrection), 1);
}

TEST(StepTextTest, FindsNoPhraseInsideAWord) {
  EXPECT_EQ(ReadStepText("explanation").count(Sign::kPlan), 0);
  EXPECT_EQ(ReadStepText("planned").count(Sign::kPlan), 1);
}

TEST(StepTextTest, ReadsTheBeginningAndTheEndOfALongTextForPhrases) {
  const std::string page(100'000, '-');
  EXPECT_EQ(ReadStepText("unfortunately " + page + " therefore").count(Sign::kRefusal), 1);
  EXPECT_EQ(ReadStepText("unfortunately " + page + " therefore").count(Sign::kConclusion), 1);
  EXPECT_EQ(ReadStepText(page + " therefore " + page).count(Sign::kConclusion), 0);
}

TEST(StepTextTest, ReadsNumbersWithoutCommasAndWithoutTheEndOfTheSentence) {
  EXPECT_EQ(ReadStepText("It is 737,015.").numbers, ReadStepText("737015").numbers);
  EXPECT_EQ(ReadStepText("51.05, 51.05").numbers.size(), 1U);
  EXPECT_NE(ReadStepText("51.05").numbers, ReadStepText("51").numbers);
  EXPECT_TRUE(ReadStepText("step 7").numbers.empty());
}

TEST(StepTextTest, ReadsWhatIsInBoldOrInQuotes) {
  EXPECT_EQ(ReadStepText("**Mila Kunis:** won").marked, ReadStepText("\"mila kunis\"").marked);
  EXPECT_TRUE(ReadStepText("an open ** mark").marked.empty());
  EXPECT_TRUE(ReadStepText("\"" + std::string(200, 'a') + "\"").marked.empty());
}

TEST(StepTextTest, ComparesSetsOfWords) {
  const auto red_blue = ReadStepText("red blue").words;
  const auto blue_green = ReadStepText("blue green").words;
  EXPECT_DOUBLE_EQ(Similarity(red_blue, blue_green), 1.0 / 3);
  EXPECT_DOUBLE_EQ(Similarity(red_blue, red_blue), 1);
  EXPECT_DOUBLE_EQ(ShareOf(red_blue, blue_green), 0.5);
  EXPECT_DOUBLE_EQ(Similarity({}, {}), 0);
  EXPECT_DOUBLE_EQ(ShareOf({}, red_blue), 0);
}

TEST(StepTextTest, SurvivesBytesThatAreNotText) {
  const StepText text = ReadStepText(std::string("\xE2\x80\0\xFF**\xE2", 7));
  EXPECT_EQ(text.length, 7U);
}

}  // namespace
}  // namespace sightline::analytics::blame
