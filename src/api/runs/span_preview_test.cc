// SPDX-License-Identifier: Apache-2.0
#include "api/runs/span_preview.h"

#include <string>

#include <gtest/gtest.h>

#include "base/utf8.h"

namespace sightline::api {
namespace {

TEST(SpanPreviewTest, IsOneLine) {
  EXPECT_EQ(PreviewOf(""), "");
  EXPECT_EQ(PreviewOf(" \n\t "), "");
  EXPECT_EQ(PreviewOf("  Where is\n\n\tmy bag?  "), "Where is my bag?");
}

TEST(SpanPreviewTest, IsCutBetweenCharacters) {
  for (std::size_t lead = 0; lead < 4; ++lead) {
    std::string text(lead, 'a');
    for (int i = 0; i < 200; ++i) {
      text += "\u6c49";
    }
    const std::string preview = PreviewOf(text);
    EXPECT_LE(preview.size(), kMaxPreviewBytes);
    EXPECT_GT(preview.size(), kMaxPreviewBytes - 8);
    EXPECT_TRUE(base::IsValidUtf8(preview));
    EXPECT_TRUE(preview.ends_with("\u2026"));
  }
}

TEST(SpanPreviewTest, SaysThatATextOfBlanksAndMoreIsLonger) {
  EXPECT_EQ(PreviewOf("a" + std::string(10'000, ' ') + "b"), "a\u2026");
}

TEST(SpanPreviewTest, ShowsWhatAStepWasAskedAndAnswered) {
  model::Conversation conversation;
  EXPECT_EQ(InputPreview(conversation), "");
  EXPECT_EQ(OutputPreview(conversation), "");
  conversation.input = {{.role = "user", .parts = {{.type = "text", .content = "Where?"}}},
                        {.role = "assistant", .parts = {{.type = "tool_call", .name = "find"}}}};
  EXPECT_EQ(InputPreview(conversation), "Where?");
  conversation.input.push_back(
      {.role = "tool",
       .parts = {{.type = "tool_call_response", .payload_json = R"({"at": "desk 7"})"}}});
  EXPECT_EQ(InputPreview(conversation), R"({"at": "desk 7"})");
  conversation.output = {
      {.role = "assistant",
       .parts = {{.type = "tool_call", .name = "find", .payload_json = R"({"tag":7})"},
                 {.type = "tool_call", .name = "tell", .payload_json = "{}"}}}};
  EXPECT_EQ(OutputPreview(conversation), R"(find({"tag":7}), tell({}))");
  conversation.output[0].parts.push_back({.type = "text", .content = "At desk 7."});
  EXPECT_EQ(OutputPreview(conversation), "At desk 7.");
  conversation.input_data = "tag 7";
  conversation.output_data = "found";
  EXPECT_EQ(InputPreview(conversation), "tag 7");
  EXPECT_EQ(OutputPreview(conversation), "found");
}

}  // namespace
}  // namespace sightline::api
