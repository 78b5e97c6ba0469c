// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <string_view>

#include "normalize/dialect.h"

namespace sightline::normalize {
namespace {

constexpr auto kKeys = std::to_array<KeyRule>({
    {"ai.operationId", Field::kVercelOperation, 0},
    {"ai.operationId", Field::kOperation, 1},
    {"ai.model.provider", Field::kProvider, 4},
    {"ai.model.id", Field::kRequestModel, 6},
    {"ai.response.model", Field::kResponseModel, 2},
    {"ai.response.id", Field::kResponseId, 1},
    {"ai.response.finishReason", Field::kFinishReasons, 8},
    {"ai.finishReason", Field::kFinishReasons, 9},
    {"ai.response.msToFirstChunk", Field::kTimeToFirstToken, 3, Form::kMilliseconds},
    {"ai.stream.msToFirstChunk", Field::kTimeToFirstToken, 4, Form::kMilliseconds},
    {"ai.response.providerMetadata", Field::kVercelMetadata, 0},

    {"ai.usage.inputTokens", Field::kInputTokens, 3},
    {"ai.usage.promptTokens", Field::kInputTokens, 4},
    {"ai.usage.tokens", Field::kInputTokens, 5},
    {"ai.usage.outputTokens", Field::kOutputTokens, 3},
    {"ai.usage.completionTokens", Field::kOutputTokens, 4},
    {"ai.usage.inputTokenDetails.cacheReadTokens", Field::kCacheReadTokens, 5},
    {"ai.usage.cachedInputTokens", Field::kCacheReadTokens, 6},
    {"ai.usage.inputTokenDetails.cacheWriteTokens", Field::kCacheWriteTokens, 6},
    {"ai.usage.inputTokenDetails.noCacheTokens", Field::kUncachedInputTokens, 0},
    {"ai.usage.outputTokenDetails.reasoningTokens", Field::kReasoningTokens, 6},
    {"ai.usage.reasoningTokens", Field::kReasoningTokens, 7},
    {"ai.usage.totalTokens", Field::kTotalTokens, 3},

    {"ai.toolCall.name", Field::kToolName, 2},
    {"ai.toolCall.id", Field::kToolCallId, 4},
    {"ai.toolCall.args", Field::kToolArguments, 2},
    {"ai.telemetry.functionId", Field::kAgentName, 5},
    {"ai.telemetry.metadata.sessionId", Field::kSessionId, 6},
    {"ai.telemetry.metadata.userId", Field::kUserId, 3},
    {"ai.telemetry.metadata.tags", Field::kTags, 4},
    {"ai.settings.context.sessionId", Field::kSessionId, 14},  // From version 7 on.
    {"ai.settings.context.userId", Field::kUserId, 14},

    {"ai.prompt", Field::kMessages, 0},
    {"ai.prompt.messages", Field::kMessages, 0},
    {"ai.response.text", Field::kMessages, 0},
    {"ai.response.toolCalls", Field::kMessages, 0},
    {"ai.response.object", Field::kMessages, 0},
    {"ai.result.", Field::kMessages, 0},
    {"ai.", Field::kKnown},
    {"operation.name", Field::kKnown},
    {"resource.name", Field::kKnown},
});

constexpr auto kProofs = std::to_array<std::string_view>({"ai.operationId", "ai.model.id"});
constexpr auto kScopes = std::to_array<std::string_view>({"ai"});

// Values of ai.operationId.
constexpr auto kKinds = std::to_array<NamedKind>({
    {"ai.generateText", model::SpanKind::kAgent},
    {"ai.streamText", model::SpanKind::kAgent},
    {"ai.generateObject", model::SpanKind::kAgent},
    {"ai.streamObject", model::SpanKind::kAgent},
    {"ai.generateText.doGenerate", model::SpanKind::kLlm},
    {"ai.streamText.doStream", model::SpanKind::kLlm},
    {"ai.generateObject.doGenerate", model::SpanKind::kLlm},
    {"ai.streamObject.doStream", model::SpanKind::kLlm},
    {"ai.toolCall", model::SpanKind::kTool},
    {"ai.embed*", model::SpanKind::kEmbedding},
    {"ai.rerank*", model::SpanKind::kReranker},
    {"*.doGenerate", model::SpanKind::kLlm},
    {"*.doStream", model::SpanKind::kLlm},
});

}  // namespace

const DialectSpec& VercelAiSpec() {
  // From version 6 on the input count is inclusive; normalize/usage.cc tells them apart.
  static constexpr DialectSpec kSpec = {.dialect = model::Dialect::kVercelAi,
                                        .keys = kKeys,
                                        .proofs = kProofs,
                                        .scopes = kScopes,
                                        .kinds = kKinds,
                                        .framework = "vercel_ai",
                                        .input = InputCounting::kExclusiveOnAnthropic};
  return kSpec;
}

}  // namespace sightline::normalize
