// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <string_view>

#include "normalize/dialect.h"

namespace sightline::normalize {
namespace {

constexpr auto kKeys = std::to_array<KeyRule>({
    {"logfire.span_type", Field::kLogfireSpanType, 0},
    {"logfire.pending_parent_id", Field::kPendingParent, 0},
    {"logfire.msg", Field::kDisplayName, 0},
    {"logfire.tags", Field::kTags, 2},
    {"logfire.", Field::kKnown},
    Own("model_name", Field::kRequestModel, 10),
    Own("agent_name", Field::kAgentName, 2),
    {"gen_ai.agent.call.id", Field::kRunId, 0},
    {"operation.cost", Field::kCost, 3},
    {"gen_ai.usage.details.cache_read_tokens", Field::kCacheReadTokens, 2},
    {"gen_ai.usage.details.cache_write_tokens", Field::kCacheWriteTokens, 4},
    {"gen_ai.usage.details.reasoning_tokens", Field::kReasoningTokens, 4},
    {"gen_ai.usage.details.input_audio_tokens", Field::kAudioInputTokens, 1},
    {"gen_ai.usage.details.output_audio_tokens", Field::kAudioOutputTokens, 1},
    {"gen_ai.usage.details.", Field::kKnown},
    {"gen_ai.aggregated_usage.", Field::kKnown},  // A sum over children: never counted.

    {"pydantic_ai.all_messages", Field::kMessages, 0},
    Own("all_messages_events", Field::kMessages, 0),
    Own("events", Field::kMessages, 0),
    Own("final_result"),
    {"pydantic_ai.", Field::kKnown},
    {"model_request_parameters", Field::kKnown},
    // Logfire's wrappers of provider SDKs.
    Own("request_data", Field::kMessages, 0),
    Own("response_data", Field::kResponseBody, 0),
    Own("name", Field::kLogfireName, 0),
    Own("tool_arguments", Field::kToolArguments, 1),
    Own("tool_response"),
    // Logfire's integration of OpenAI's Agents SDK.
    Own("input"),
    Own("output"),
    Own("output_type"),
    Own("tools"),
    Own("handoffs"),
    Own("from_agent"),
    Own("to_agent"),
    Own("triggered"),
    Own("agent_trace_id"),
});

constexpr auto kProofs = std::to_array<std::string_view>({
    "logfire.",
    "model_request_parameters",
    "pydantic_ai.",
});
constexpr auto kScopes = std::to_array<std::string_view>({"pydantic-ai"});

constexpr auto kSpanNames = std::to_array<NamedKind>({
    {"agent run", model::SpanKind::kAgent},
    {"running tool", model::SpanKind::kTool},
    {"running tools", model::SpanKind::kTask},  // Version 1: a group of tool spans.
    // Logfire's integration of OpenAI's Agents SDK: the names are its message templates.
    {"OpenAI Agents trace: {name}", model::SpanKind::kWorkflow},
    {"Agent run: {name!r}", model::SpanKind::kAgent},
    {"Function: {name}", model::SpanKind::kTool},
    {"Handoff: {from_agent} \u2192 {to_agent}", model::SpanKind::kTask},
    {"Guardrail {name!r} {triggered=}", model::SpanKind::kGuardrail},
    {"MCP: list tools from server {server}", model::SpanKind::kTask},
    {"Custom span: {name}", model::SpanKind::kTask},
});

}  // namespace

const DialectSpec& PydanticAiSpec() {
  static constexpr DialectSpec kSpec = {.dialect = model::Dialect::kPydanticAi,
                                        .keys = kKeys,
                                        .proofs = kProofs,
                                        .scopes = kScopes,
                                        .span_names = kSpanNames,
                                        .framework = "pydantic_ai",
                                        .input = InputCounting::kInclusive};
  return kSpec;
}

}  // namespace sightline::normalize
