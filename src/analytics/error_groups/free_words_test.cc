// SPDX-License-Identifier: Apache-2.0
#include "analytics/error_groups/free_words.h"

#include <string_view>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "analytics/error_groups/mask.h"
#include "analytics/error_groups/token.h"

namespace sightline::analytics {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::vector<WordRun> RunsOf(std::string_view message) {
  return RunsOfFreeWords(MaskMessage(message));
}

TEST(FreeWordsTest, RunsAreAsLongAsTheyCanBe) {
  EXPECT_THAT(RunsOf("Search for red wine returned no hits at all"),
              ElementsAre(WordRun{2, 4}, WordRun{6, 7}));
}

TEST(FreeWordsTest, EnoughWordsStandAroundThem) {
  EXPECT_THAT(RunsOf("Search for red wine failed"), IsEmpty());
  EXPECT_THAT(RunsOf("Search for red wine has failed"), ElementsAre(WordRun{2, 4}));
}

TEST(FreeWordsTest, TopicsAreNoFreeWords) {
  EXPECT_THAT(RunsOf("memory of it is not what it was"), IsEmpty());
  EXPECT_THAT(RunsOf("[vm: 7] memory is not what it was"), IsEmpty());
  EXPECT_THAT(RunsOf("it has been to spawn what was not there"), IsEmpty());
}

TEST(FreeWordsTest, FramesHaveOneTokenForTheRun) {
  const std::vector<Token> tokens = MaskMessage("Search for red wine has failed");
  EXPECT_EQ(JoinTokens(FrameOf(tokens, {2, 4})), "Search for <**> has failed");
}

}  // namespace
}  // namespace sightline::analytics
