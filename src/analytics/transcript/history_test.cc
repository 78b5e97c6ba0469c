// SPDX-License-Identifier: Apache-2.0
#include "analytics/transcript/history.h"

#include <string>
#include <string_view>
#include <utility>

#include <gtest/gtest.h>

namespace sightline::analytics {
namespace {

using model::Conversation;
using model::Message;
using model::MessagePart;

MessagePart Text(std::string_view text) {
  MessagePart part;
  part.type = "text";
  part.content = text;
  return part;
}

MessagePart ToolCall(std::string_view id, std::string_view arguments) {
  MessagePart part;
  part.type = "tool_call";
  part.id = id;
  part.name = "read";
  part.payload_json = arguments;
  return part;
}

MessagePart Reasoning(std::string_view text) {
  MessagePart part = Text(text);
  part.type = "reasoning";
  return part;
}

Message Of(std::string_view role, std::vector<MessagePart> parts) {
  Message message;
  message.role = role;
  message.parts = std::move(parts);
  return message;
}

Message User(std::string_view text) {
  return Of("user", {Text(text)});
}

TEST(HistoryTest, TheFirstMessagesAreAllNew) {
  Conversation call;
  call.input = {User("a"), User("b")};
  const HistoryChange change = CompareHistory({}, call);
  EXPECT_EQ(change.kept, 0U);
  EXPECT_FALSE(change.is_rewritten);
}

TEST(HistoryTest, TheAnswerThatIsSentBackIsHistory) {
  Conversation before;
  before.input = {User("a")};
  before.output = {Of("assistant", {Reasoning("hm"), Text("b"), ToolCall("1", R"({"x": 1})")})};
  before.output[0].finish_reason = "tool_calls";
  Conversation call;
  call.input = {User("a"), Of("assistant", {Text("b"), ToolCall("1", R"({"x":1})")}), User("c")};
  EXPECT_EQ(CompareHistory(before, call).kept, 2U);
}

TEST(HistoryTest, AnotherAnswerIsNew) {
  Conversation before;
  before.input = {User("a")};
  before.output = {Of("assistant", {Text("b")})};
  Conversation call;
  call.input = {User("a"), Of("assistant", {Text("other")})};
  EXPECT_EQ(CompareHistory(before, call).kept, 1U);
}

TEST(HistoryTest, AnEmptyAnswerIsNotTheUsersNextWord) {
  Conversation before;
  before.input = {User("a")};
  before.output = {Of("assistant", {})};
  Conversation call;
  call.input = {User("a"), Of("assistant", {})};
  EXPECT_EQ(CompareHistory(before, call).kept, 1U);
}

TEST(HistoryTest, AHistoryThatWasShortenedGoesAsFarAsItsLastMessage) {
  Conversation before;
  before.input = {User("task"), User("1"), User("2")};
  before.output = {Of("assistant", {Text("yes")})};
  Conversation call;
  call.input = {User("task"), User("2"), Of("assistant", {Text("yes")}), User("3")};
  const HistoryChange change = CompareHistory(before, call);
  EXPECT_TRUE(change.is_rewritten);
  EXPECT_EQ(change.kept, 3U);
}

TEST(HistoryTest, AHistoryOfOtherWordsIsNew) {
  Conversation before;
  before.input = {User("task"), User("1")};
  Conversation call;
  call.input = {User("task"), User("summary"), User("2")};
  const HistoryChange change = CompareHistory(before, call);
  EXPECT_TRUE(change.is_rewritten);
  EXPECT_EQ(change.kept, 1U);
}

}  // namespace
}  // namespace sightline::analytics
