// SPDX-License-Identifier: Apache-2.0
#include "normalize/log_events.h"

#include <array>
#include <cstddef>
#include <string>

namespace sightline::normalize {
namespace {

using model::SpanKind;

constexpr std::string_view kClaudePrefix = "claude_code.";

constexpr auto kEvents = std::to_array<EventMeaning>({
    {.name = "gen_ai.client.inference.operation.details",
     .kind = SpanKind::kLlm,
     .operation = "chat",
     .identity = "inference"},
    {.name = "claude_code.user_prompt",
     .kind = SpanKind::kTask,
     .is_point = true,
     .operation = "user_prompt",
     .identity = "prompt"},
    {.name = "codex.user_prompt",
     .kind = SpanKind::kTask,
     .is_point = true,
     .operation = "user_prompt",
     .identity = "prompt"},
    {.name = "gemini_cli.user_prompt",
     .kind = SpanKind::kTask,
     .is_point = true,
     .operation = "user_prompt",
     .identity = "prompt"},
    {.name = "claude_code.api_request",
     .kind = SpanKind::kLlm,
     .operation = "chat",
     .identity = "request"},
    {.name = "claude_code.api_error",
     .kind = SpanKind::kLlm,
     .is_failure = true,
     .operation = "chat",
     .identity = "error"},
    {.name = "claude_code.api_retries_exhausted",
     .kind = SpanKind::kLlm,
     .is_failure = true,
     .operation = "chat",
     .identity = "error"},
    {.name = "claude_code.api_refusal",
     .kind = SpanKind::kLlm,
     .is_failure = true,
     .operation = "chat",
     .identity = "refusal"},
    {.name = "claude_code.tool_result",
     .kind = SpanKind::kTool,
     .operation = "execute_tool",
     .identity = "tool"},
    {.name = "codex.sse_event",
     .kind = SpanKind::kLlm,
     .operation = "chat",
     .identity = "response",
     .event_kind = "response.completed"},
    {.name = "codex.tool_result",
     .kind = SpanKind::kTool,
     .operation = "execute_tool",
     .identity = "tool"},
    {.name = "gemini_cli.api_response",
     .kind = SpanKind::kLlm,
     .operation = "chat",
     .identity = "response"},
    {.name = "gemini_cli.api_error",
     .kind = SpanKind::kLlm,
     .is_failure = true,
     .operation = "chat",
     .identity = "error"},
    {.name = "gemini_cli.tool_call",
     .kind = SpanKind::kTool,
     .operation = "execute_tool",
     .identity = "tool"},
    {.name = "gemini_cli.agent.finish",
     .kind = SpanKind::kAgent,
     .operation = "invoke_agent",
     .identity = "agent"},
});

bool LooksLikeEventName(std::string_view text) {
  constexpr std::size_t kLongest = 80;
  if (text.size() > kLongest) {
    return false;
  }
  for (const std::string_view prefix :
       {kClaudePrefix, std::string_view("codex."), std::string_view("gemini_cli."),
        std::string_view("gen_ai.")}) {
    if (text.starts_with(prefix) && text.find(' ') == std::string_view::npos) {
      return true;
    }
  }
  return false;
}

}  // namespace

std::optional<EventMeaning> FindEvent(std::string_view name, const Slots& slots) {
  for (const EventMeaning& event : kEvents) {
    if (event.name != name) {
      continue;
    }
    if (event.event_kind.empty() || (slots.has(Field::kEventKind) &&
                                     slots.value(Field::kEventKind).bytes == event.event_kind)) {
      return event;
    }
  }
  return std::nullopt;
}

std::string_view EventName(std::string_view field, std::string_view attribute,
                           std::string_view body, bool is_claude_code, base::Arena& arena) {
  std::string_view name = !field.empty() ? field : attribute;
  if (name.empty() && LooksLikeEventName(body)) {
    name = body;
  }
  if (is_claude_code && !name.empty() && !name.starts_with(kClaudePrefix) &&
      !name.starts_with("gen_ai.")) {
    return arena.Copy(std::string(kClaudePrefix).append(name));
  }
  return name;
}

}  // namespace sightline::normalize
