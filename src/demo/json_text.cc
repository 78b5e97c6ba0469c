// SPDX-License-Identifier: Apache-2.0
#include "demo/json_text.h"

#include <vector>

#include <fmt/format.h>

#include "base/check.h"
#include "base/json_quote.h"
#include "otlp/value_json.h"

namespace sightline::demo {
namespace {

std::string Parts(const Message& message) {
  std::vector<std::string> parts;
  if (message.role == Role::kTool) {
    parts.push_back(fmt::format(R"({{"type":"tool_call_response","id":{},"response":{}}})",
                                Quote(message.tool_call_id), JsonOrQuoted(message.text)));
    return JsonArray(parts);
  }
  if (!message.reasoning.empty()) {
    parts.push_back(
        fmt::format(R"({{"type":"reasoning","content":{}}})", Quote(message.reasoning)));
  }
  if (!message.text.empty()) {
    parts.push_back(fmt::format(R"({{"type":"text","content":{}}})", Quote(message.text)));
  }
  for (const ToolRequest& call : message.tool_calls) {
    parts.push_back(fmt::format(R"({{"type":"tool_call","id":{},"name":{},"arguments":{}}})",
                                Quote(call.id), Quote(call.name), JsonOrQuoted(call.arguments)));
  }
  return JsonArray(parts);
}

}  // namespace

std::string Quote(std::string_view text) {
  std::string quoted;
  [[maybe_unused]] const bool was_repaired = base::AppendJsonString(text, quoted);
  DCHECK(!was_repaired);
  return quoted;
}

std::string JsonOrQuoted(std::string_view text) {
  const bool may_be_json = text.starts_with('{') || text.starts_with('[');
  if (may_be_json && otlp::JsonToValue(text).has_value()) {
    return std::string(text);
  }
  return Quote(text);
}

std::string JsonArray(std::span<const std::string> elements) {
  return fmt::format("[{}]", fmt::join(elements, ","));
}

std::string GenAiMessages(const Conversation& conversation, std::size_t message_count) {
  std::vector<std::string> messages;
  for (std::size_t i = 0; i < message_count; ++i) {
    const Message& message = conversation.messages[i];
    messages.push_back(
        fmt::format(R"({{"role":"{}","parts":{}}})", RoleName(message.role), Parts(message)));
  }
  return JsonArray(messages);
}

std::string GenAiOutput(const Message& answer, std::string_view finish_reason) {
  return fmt::format(R"([{{"role":"assistant","parts":{},"finish_reason":"{}"}}])", Parts(answer),
                     finish_reason);
}

std::string GenAiInstructions(std::string_view text) {
  return fmt::format(R"([{{"type":"text","content":{}}}])", Quote(text));
}

std::string GenAiToolDefinitions(std::span<const ToolDefinition> tools) {
  std::vector<std::string> definitions;
  for (const ToolDefinition& tool : tools) {
    definitions.push_back(
        fmt::format(R"({{"type":"function","name":{},"description":{},"parameters":{}}})",
                    Quote(tool.name), Quote(tool.description), tool.parameters));
  }
  return JsonArray(definitions);
}

std::string_view RoleName(Role role) {
  switch (role) {
    case Role::kUser:
      return "user";
    case Role::kAssistant:
      return "assistant";
    case Role::kTool:
      return "tool";
  }
  CHECK(false);
}

}  // namespace sightline::demo
