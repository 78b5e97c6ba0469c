// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <string_view>

#include "normalize/dialect.h"

namespace sightline::normalize {
namespace {

constexpr auto kKeys = std::to_array<KeyRule>({
    {"traceloop.span.kind", Field::kTraceloopKind, 0},
    {"llm.request.type", Field::kRequestType, 0},
    {"llm.request.type", Field::kOperation, 2},
    {"traceloop.entity.name", Field::kEntityName, 0},
    {"traceloop.entity.input", Field::kToolArguments, 11},
    {"traceloop.workflow.name", Field::kWorkflowName, 1},
    {"traceloop.association.properties.session_id", Field::kSessionId, 10},
    {"traceloop.association.properties.thread_id", Field::kSessionId, 11},
    {"traceloop.association.properties.conversation_id", Field::kSessionId, 12},
    {"traceloop.association.properties.user_id", Field::kUserId, 4},
    {"traceloop.association.properties.lc_agent_name", Field::kAgentName, 7},
    {"traceloop.prompt.key", Field::kPromptName, 2},
    {"traceloop.prompt.version", Field::kPromptVersion, 2},
    {"traceloop.prompt.version_name", Field::kPromptVersion, 3},
    {"traceloop.prompt.version_hash", Field::kPromptVersion, 4},
    {"traceloop.", Field::kKnown},

    {"gen_ai.prompt.", Field::kMessages, 0, Form::kIndexed},
    {"gen_ai.completion.", Field::kMessages, 0, Form::kIndexed},
    {"gen_ai.completion.", Field::kIndexedCompletion, 0, Form::kIndexed},
    {"gen_ai.response.finish_reason", Field::kFinishReasons, 3},
    {"gen_ai.response.stop_reason", Field::kFinishReasons, 4},
    {"llm.response.finish_reason", Field::kFinishReasons, 5},
    {"llm.response.stop_reason", Field::kFinishReasons, 6},
    {"gen_ai.is_streaming", Field::kStreaming, 1},
    {"llm.is_streaming", Field::kStreaming, 2},
    {"gen_ai.usage.cache_read_input_tokens", Field::kCacheReadTokens, 1},
    {"gen_ai.usage.cache_creation_input_tokens", Field::kCacheWriteTokens, 2},
    {"gen_ai.usage.reasoning_tokens", Field::kReasoningTokens, 1},
    {"llm.usage.reasoning_tokens", Field::kReasoningTokens, 2},
    {"llm.usage.total_tokens", Field::kTotalTokens, 1},
    {"llm.usage.", Field::kKnown},  // Versions before 0.16: prompt_tokens, completion_tokens.
    {"llm.vendor", Field::kProvider, 9},
    {"llm.request.model", Field::kRequestModel, 11},
    {"llm.response.model", Field::kResponseModel, 4},
    {"gen_ai.user", Field::kUserId, 8},
    {"llm.user", Field::kUserId, 9},
    {"llm.top_k", Field::kKnown},
    {"llm.frequency_penalty", Field::kKnown},
    {"llm.presence_penalty", Field::kKnown},
    {"llm.chat.stop_sequences", Field::kKnown},
    {"llm.headers", Field::kKnown},
    {"llm.request.", Field::kKnown},
    {"llm.response.", Field::kKnown},
    {"langgraph.", Field::kKnown},
});

constexpr auto kProofs = std::to_array<std::string_view>({
    "traceloop.",
    "llm.request.type",
    "llm.usage.total_tokens",
    "gen_ai.prompt.",
    "gen_ai.completion.",
});

constexpr auto kKinds = std::to_array<NamedKind>({
    {"workflow", model::SpanKind::kWorkflow},
    {"agent", model::SpanKind::kAgent},
    {"tool", model::SpanKind::kTool},
});

}  // namespace

const DialectSpec& TraceloopSpec() {
  // Its Bedrock instrumentation passes the raw counts on, the others add the cache to the input.
  static constexpr DialectSpec kSpec = {.dialect = model::Dialect::kTraceloop,
                                        .keys = kKeys,
                                        .proofs = kProofs,
                                        .kinds = kKinds,
                                        .input = InputCounting::kExclusiveOnBedrock};
  return kSpec;
}

}  // namespace sightline::normalize
