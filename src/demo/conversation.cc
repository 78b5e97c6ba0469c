// SPDX-License-Identifier: Apache-2.0
#include "demo/conversation.h"

#include <utility>

namespace sightline::demo {
namespace {

// Role marks and separators around one message.
constexpr std::int64_t kMessageOverhead = 4;

}  // namespace

Message UserMessage(std::string text) {
  Message message;
  message.role = Role::kUser;
  message.text = std::move(text);
  return message;
}

Message AssistantMessage(std::string text) {
  Message message;
  message.role = Role::kAssistant;
  message.text = std::move(text);
  return message;
}

Message ToolMessage(const ToolRequest& call, std::string result) {
  Message message;
  message.role = Role::kTool;
  message.text = std::move(result);
  message.tool_call_id = call.id;
  message.tool_name = call.name;
  return message;
}

std::int64_t EstimateTokens(std::string_view text) {
  return static_cast<std::int64_t>((text.size() + 3) / 4);
}

std::int64_t EstimateTokens(const Message& message) {
  std::int64_t tokens = EstimateTokens(message.text) + EstimateTokens(message.reasoning);
  for (const ToolRequest& call : message.tool_calls) {
    tokens += EstimateTokens(call.name) + EstimateTokens(call.arguments) + kMessageOverhead;
  }
  return tokens;
}

std::int64_t EstimateInputTokens(const Conversation& conversation, std::size_t message_count) {
  std::int64_t tokens = EstimateTokens(conversation.instructions) + kMessageOverhead;
  for (const ToolDefinition& tool : conversation.tools) {
    tokens += EstimateTokens(tool.description) + EstimateTokens(tool.parameters) +
              EstimateTokens(tool.name) + kMessageOverhead;
  }
  for (std::size_t i = 0; i < message_count; ++i) {
    tokens += EstimateTokens(conversation.messages[i]) + kMessageOverhead;
  }
  return tokens;
}

}  // namespace sightline::demo
