// SPDX-License-Identifier: Apache-2.0
#include "pricing/matcher.h"

#include <string_view>
#include <vector>

#include <boost/json/parse.hpp>
#include <gtest/gtest.h>

namespace sightline::pricing {
namespace {

TEST(MatcherTest, MatchesNames) {
  struct Case {
    std::string_view condition;
    std::string_view name;
    bool matches;
  };

  const std::vector<Case> cases = {
      {R"j({"equals":"GPT-4o"})j", "gpt-4o", true},
      {R"j({"equals":"gpt-4o"})j", "gpt-4o-mini", false},
      {R"j({"starts_with":"gpt-"})j", "gpt-4o", true},
      {R"j({"starts_with":"gpt-"})j", "a-gpt-4o", false},
      {R"j({"ends_with":":free"})j", "x:free", true},
      {R"j({"ends_with":":free"})j", "x:free2", false},
      {R"j({"contains":"claude"})j", "us.anthropic.claude-3", true},
      {R"j({"contains":"claude"})j", "clau-de", false},
      {R"j({"regex":"^o[134]"})j", "o3-mini", true},
      {R"j({"regex":"^o[134]"})j", "o2", false},
      {R"j({"regex":"(?:mi|code)stral"})j", "open-mistral", true},
      {R"j({"or":[{"equals":"a"},{"equals":"b"}]})j", "b", true},
      {R"j({"or":[{"equals":"a"},{"equals":"b"}]})j", "c", false},
      {R"j({"and":[{"contains":"a"},{"contains":"b"}]})j", "ab", true},
      {R"j({"and":[{"contains":"a"},{"contains":"b"}]})j", "a", false},
      {R"j({"regex":"^(?!.*-[tT][tT][sS](?:$|-))"})j", "gemini-2.5-pro", true},
      {R"j({"regex":"^(?!.*-[tT][tT][sS](?:$|-))"})j", "gemini-2.5-pro-tts", false},
      {R"j({"regex":"^(?!.*-[tT][tT][sS](?:$|-))"})j", "gemini-tts", false},
      {R"j({"regex":"^(?!.*-[tT][tT][sS](?:$|-))"})j", "gemini-ttsx", true},
      {R"j({"regex":"^(?![^/]+/)(?:labs-)?mistral"})j", "labs-mistral", true},
      {R"j({"regex":"^(?![^/]+/)(?:labs-)?mistral"})j", "mistral/x", false},
      {R"j({"regex":"^(?![)]x)a"})j", "ab", true},
      {R"j({"regex":"^(?!\\)x)a"})j", "ba", false},
  };
  for (const Case& test : cases) {
    const auto matcher = Matcher::Parse(boost::json::parse(test.condition));
    ASSERT_TRUE(matcher) << test.condition;
    EXPECT_EQ(matcher->Matches(test.name), test.matches) << test.condition << " " << test.name;
  }
}

TEST(MatcherTest, RefusesUnknownConditions) {
  const std::vector<std::string_view> conditions = {
      R"j("x")j",
      R"j({})j",
      R"j({"equals":1})j",
      R"j({"like":"x"})j",
      R"j({"or":{"equals":"x"}})j",
      R"j({"or":[{"like":"x"}]})j",
      R"j({"regex":"("})j",
      R"j({"regex":"a(?=b)"})j",
      R"j({"regex":"^(?!a"})j",
      R"j({"regex":"^(?!a)b|c"})j",
      R"j({"equals":"a","contains":"b"})j",
  };
  for (const std::string_view condition : conditions) {
    EXPECT_FALSE(Matcher::Parse(boost::json::parse(condition))) << condition;
  }
}

}  // namespace
}  // namespace sightline::pricing
