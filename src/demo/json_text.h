// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include "demo/conversation.h"

namespace sightline::demo {

// `text` as a JSON string, with its quotes.
std::string Quote(std::string_view text);

// `text` itself when it is JSON, which tool arguments usually are, else as a JSON string.
std::string JsonOrQuoted(std::string_view text);

// Joins with commas between brackets.
std::string JsonArray(std::span<const std::string> elements);

// Message texts in the shape of OpenTelemetry's `gen_ai.input.messages`.
std::string GenAiMessages(const Conversation& conversation, std::size_t message_count);

// `[{"role":"assistant","parts":[...],"finish_reason":...}]`.
std::string GenAiOutput(const Message& answer, std::string_view finish_reason);

// `[{"type":"text","content":...}]`.
std::string GenAiInstructions(std::string_view text);

// `[{"type":"function","name":...,"description":...,"parameters":{...}}]`.
std::string GenAiToolDefinitions(std::span<const ToolDefinition> tools);

std::string_view RoleName(Role role);

}  // namespace sightline::demo
