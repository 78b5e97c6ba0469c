// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <string_view>

#include "normalize/dialect.h"

namespace sightline::normalize {
namespace {

constexpr auto kKeys = std::to_array<KeyRule>({
    {"sentry.op", Field::kEmitterKind, 1},
    {"gen_ai.pipeline.name", Field::kWorkflowName, 5},
    {"gen_ai.function_id", Field::kAgentName, 9},
    {"gen_ai.response.streaming", Field::kStreaming, 5},
    {"gen_ai.response.time_to_first_token", Field::kTimeToFirstToken, 7},
    {"gen_ai.request.messages", Field::kMessages, 0},
    {"gen_ai.response.text", Field::kMessages, 0},
    {"gen_ai.response.tool_calls", Field::kMessages, 0},
    {"vercel.ai.operationId", Field::kKnown},
    {"vercel.ai.", Field::kKnown},
    {"sentry.", Field::kKnown},
});

constexpr auto kProofs = std::to_array<std::string_view>({
    "sentry.",
    "gen_ai.request.messages",
    "gen_ai.response.text",
    "gen_ai.response.tool_calls",
    "vercel.ai.operationId",
});

// Values of sentry.op.
constexpr auto kKinds = std::to_array<NamedKind>({
    {"gen_ai.chat", model::SpanKind::kLlm},
    {"gen_ai.responses", model::SpanKind::kLlm},
    {"gen_ai.text_completion", model::SpanKind::kLlm},
    {"gen_ai.generate_content", model::SpanKind::kLlm},
    {"gen_ai.generate_text", model::SpanKind::kLlm},
    {"gen_ai.stream_text", model::SpanKind::kLlm},
    {"gen_ai.embeddings", model::SpanKind::kEmbedding},
    {"gen_ai.execute_tool", model::SpanKind::kTool},
    {"gen_ai.invoke_agent", model::SpanKind::kAgent},
    {"gen_ai.create_agent", model::SpanKind::kAgent},
    {"gen_ai.handoff", model::SpanKind::kTask},
    {"gen_ai.rerank", model::SpanKind::kReranker},
});

}  // namespace

const DialectSpec& SentrySpec() {
  // Its SDKs add the cache counts to the input, and rename the keys of the frameworks they wrap.
  static constexpr DialectSpec kSpec = {.dialect = model::Dialect::kSentry,
                                        .keys = kKeys,
                                        .proofs = kProofs,
                                        .kinds = kKinds,
                                        .input = InputCounting::kInclusive};
  return kSpec;
}

}  // namespace sightline::normalize
