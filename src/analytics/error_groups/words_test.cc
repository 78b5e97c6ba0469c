// SPDX-License-Identifier: Apache-2.0
#include "analytics/error_groups/words.h"

#include <string_view>

#include <gtest/gtest.h>

namespace sightline::analytics {
namespace {

TEST(WordsTest, AuthorsWordsAreGrammarOutcomesAndVerbForms) {
  for (const std::string_view word :
       {"not", "from", "The", "can't", "missing", "Invalid", "filtered", "spawning", "exceeded"}) {
    EXPECT_TRUE(IsAuthorsWord(word)) << word;
    EXPECT_FALSE(MayBeValue(word)) << word;
  }
  for (const std::string_view word : {"order", "Alice", "red", "speed", "string", "model"}) {
    EXPECT_FALSE(IsAuthorsWord(word)) << word;
    EXPECT_TRUE(MayBeValue(word)) << word;
  }
}

TEST(WordsTest, ValuesAreLettersAndHyphens) {
  for (const std::string_view word : {"z+", "x_y", "NEW", "orderId", "a.b", "-x", ""}) {
    EXPECT_FALSE(MayBeValue(word)) << word;
  }
  EXPECT_TRUE(MayBeValue("read-only"));
}

TEST(WordsTest, FreeTextHasNoCapitals) {
  EXPECT_TRUE(MayBeFreeText("alice"));
  EXPECT_FALSE(MayBeFreeText("Alice"));
}

TEST(WordsTest, CompoundNamesHaveParts) {
  for (const std::string_view word : {"get_order", "OrderAgent", "orderAgent", "HTTPError",
                                      "torch.nn", "team/token", "__init__x_y"}) {
    EXPECT_TRUE(IsCompoundName(word)) << word;
  }
  for (const std::string_view word :
       {"RESOURCE_EXHAUSTED", "Order", "HTTP", "__init__", "_", "read-only"}) {
    EXPECT_FALSE(IsCompoundName(word)) << word;
  }
}

TEST(WordsTest, FunctionNamesBeginInLowerCase) {
  EXPECT_TRUE(IsFunctionName("sendRequest"));
  EXPECT_FALSE(IsFunctionName("SendRequest"));
  EXPECT_FALSE(IsFunctionName("send_request"));
}

TEST(WordsTest, ErrorClassesEndLikeOne) {
  EXPECT_TRUE(IsErrorClass("KeyError"));
  EXPECT_TRUE(IsErrorClass("java.net.ConnectException"));
  EXPECT_FALSE(IsErrorClass("OrderAgent"));
}

}  // namespace
}  // namespace sightline::analytics
