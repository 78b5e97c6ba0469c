// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <string_view>

#include "normalize/dialect.h"

namespace sightline::normalize {
namespace {

constexpr auto kKeys = std::to_array<KeyRule>({
    {"gen_ai.operation.name", Field::kOperationName, 0},
    {"gen_ai.operation.name", Field::kOperation, 0},
    {"gen_ai.provider.name", Field::kProvider, 0},
    {"gen_ai.request.model", Field::kRequestModel, 0},
    {"gen_ai.response.model", Field::kResponseModel, 0},
    {"gen_ai.response.id", Field::kResponseId, 0},
    {"gen_ai.response.finish_reasons", Field::kFinishReasons, 0},
    {"gen_ai.response.time_to_first_chunk", Field::kTimeToFirstToken, 0},
    {"gen_ai.client.operation.time_to_first_chunk", Field::kTimeToFirstToken, 1},
    {"gen_ai.server.time_to_first_token", Field::kTimeToFirstToken, 6, Form::kServerSeconds},
    {"gen_ai.request.stream", Field::kStreaming, 0},
    {"gen_ai.request.", Field::kKnown},
    {"gen_ai.response.", Field::kKnown},
    {"gen_ai.output.type", Field::kKnown},

    {"gen_ai.agent.name", Field::kAgentName, 0},
    {"gen_ai.agent.id", Field::kAgentId, 0},
    {"gen_ai.agent.", Field::kKnown},
    {"gen_ai.workflow.name", Field::kWorkflowName, 0},
    {"gen_ai.workflow.", Field::kKnown},
    {"gen_ai.conversation.id", Field::kSessionId, 0},
    {"gen_ai.conversation.", Field::kKnown},

    {"gen_ai.tool.name", Field::kToolName, 0},
    {"gen_ai.tool.call.id", Field::kToolCallId, 0},
    {"gen_ai.tool.call_id", Field::kToolCallId, 1},  // The spelling of Gemini CLI.
    {"gen_ai.tool.type", Field::kToolType, 0},
    {"gen_ai.tool.call.arguments", Field::kToolArguments, 0},
    {"gen_ai.tool.status", Field::kToolStatus, 0},
    {"gen_ai.tool.", Field::kKnown},

    {"gen_ai.system_instructions", Field::kMessages, 0},
    {"gen_ai.input.messages", Field::kMessages, 0},
    {"gen_ai.output.messages", Field::kMessages, 0},
    {"gen_ai.output.messages", Field::kOutputMessages, 0},

    {"gen_ai.usage.input_tokens", Field::kInputTokens, 0},
    {"gen_ai.usage.output_tokens", Field::kOutputTokens, 0},
    {"gen_ai.usage.cache_read.input_tokens", Field::kCacheReadTokens, 0},
    {"gen_ai.usage.cache_write.input_tokens", Field::kCacheWriteTokens, 0},
    {"gen_ai.usage.cache_creation.input_tokens", Field::kCacheWriteTokens, 1},
    {"gen_ai.usage.reasoning.output_tokens", Field::kReasoningTokens, 0},
    {"gen_ai.usage.audio.input_tokens", Field::kAudioInputTokens, 0},
    {"gen_ai.usage.audio.output_tokens", Field::kAudioOutputTokens, 0},
    {"gen_ai.usage.total_tokens", Field::kTotalTokens, 0},
    // Sentry's aliases.
    {"gen_ai.usage.input_tokens.cached", Field::kCacheReadTokens, 8},
    {"gen_ai.usage.input_tokens.cache_write", Field::kCacheWriteTokens, 8},
    {"gen_ai.usage.output_tokens.reasoning", Field::kReasoningTokens, 9},
    // The rest are subsets of these or are to be ignored, such as gen_ai.usage.raw.
    {"gen_ai.usage.", Field::kKnown},

    {"gen_ai.prompt.name", Field::kPromptName, 0},
    {"gen_ai.prompt.version", Field::kPromptVersion, 0},
    {"gen_ai.prompt.variable.", Field::kKnown},
    {"gen_ai.embeddings.", Field::kKnown},
    {"gen_ai.retrieval.", Field::kKnown},
    {"gen_ai.data_source.", Field::kKnown},
    {"gen_ai.evaluation.score.value", Field::kEvaluation, 0},
    {"gen_ai.evaluation.score.label", Field::kEvaluation, 0},
    {"gen_ai.evaluation.", Field::kKnown},
    {"gen_ai.guardrail.", Field::kKnown},
    {"gen_ai.handoff.", Field::kKnown},
    {"gen_ai.memory.", Field::kKnown},
    {"gen_ai.orchestrator.", Field::kKnown},
    {"gen_ai.task.", Field::kKnown},
    {"gen_ai.token.", Field::kKnown},
    {"gen_ai.server.", Field::kKnown},
    {"gen_ai.client.", Field::kKnown},
    {"gen_ai.execute_tool.", Field::kKnown},
    {"gen_ai.invoke_agent.", Field::kKnown},
    {"openai.", Field::kKnown},
    {"anthropic.message.stop_reason", Field::kFinishReasons, 12},
    {"anthropic.", Field::kKnown},
    {"aws.", Field::kKnown},
    {"azure.", Field::kKnown},
});

// Keys that did not exist before 1.37, when gen_ai.system became gen_ai.provider.name.
constexpr auto kProofs = std::to_array<std::string_view>({
    "gen_ai.provider.name",
    "gen_ai.input.messages",
    "gen_ai.output.messages",
    "gen_ai.system_instructions",
    "gen_ai.tool.call.arguments",
    "gen_ai.tool.call.result",
    "gen_ai.tool.definitions",
    "gen_ai.usage.cache_read.input_tokens",
    "gen_ai.usage.cache_write.input_tokens",
    "gen_ai.usage.cache_creation.input_tokens",
});

}  // namespace

const DialectSpec& GenAiSpec() {
  // Cache counts are part of the input since 1.40; older emitters left that open.
  static constexpr DialectSpec kSpec = {
      .dialect = model::Dialect::kGenAi, .keys = kKeys, .proofs = kProofs};
  return kSpec;
}

}  // namespace sightline::normalize
