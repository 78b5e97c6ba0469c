// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace sightline::demo {

enum class Role : std::uint8_t { kUser, kAssistant, kTool };

// A tool call that a model asks for.
struct ToolRequest {
  std::string id;
  std::string name;
  std::string arguments;  // JSON text, as the model wrote it: may be invalid.
};

struct Message {
  Role role = Role::kUser;
  std::string text;
  std::string reasoning;                // Assistant only.
  std::vector<ToolRequest> tool_calls;  // Assistant only.
  std::string tool_call_id;             // Tool only: which call `text` answers.
  std::string tool_name;                // Tool only.
};

// A tool as the model is told of it.
struct ToolDefinition {
  std::string_view name;
  std::string_view description;
  std::string_view parameters;  // JSON schema.
};

// What one model is shown over many calls. Messages are only ever appended, so each call's input is
// a prefix of the next one's.
//
// Thread: value.
struct Conversation {
  std::string instructions;
  std::span<const ToolDefinition> tools;  // Static texts.
  std::vector<Message> messages;
};

Message UserMessage(std::string text);
Message AssistantMessage(std::string text);
Message ToolMessage(const ToolRequest& call, std::string result);

// Tokens of a text for every simulated model: one for four bytes.
std::int64_t EstimateTokens(std::string_view text);
std::int64_t EstimateTokens(const Message& message);

// Instructions, tool definitions and the first `message_count` messages.
std::int64_t EstimateInputTokens(const Conversation& conversation, std::size_t message_count);

}  // namespace sightline::demo
