// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <string_view>

#include "normalize/dialect.h"

namespace sightline::normalize {
namespace {

constexpr auto kKeys = std::to_array<KeyRule>({
    {"langsmith.span.kind", Field::kLangSmithKind, 0},
    {"langsmith.metadata.ls_provider", Field::kProvider, 7},
    {"langsmith.metadata.ls_model_name", Field::kRequestModel, 8},
    {"langsmith.metadata.session_id", Field::kSessionId, 7},
    {"langsmith.metadata.thread_id", Field::kSessionId, 8},
    {"langsmith.metadata.conversation_id", Field::kSessionId, 9},
    {"langsmith.metadata.user_id", Field::kUserId, 5},
    {"langsmith.metadata.lc_agent_name", Field::kAgentName, 6},
    {"langsmith.span.tags", Field::kTags, 3, Form::kCommaList},
    {"langsmith.trace.name", Field::kDisplayName, 1},
    {"langsmith.request.streaming", Field::kStreaming, 3},
    {"langsmith.usage_metadata", Field::kLangSmithUsage, 0},
    {"langsmith.", Field::kKnown},  // langsmith.trace.session_id and .session_name are the project.
    // Python's str(dict), not JSON.
    {"gen_ai.usage.input_token_details", Field::kInputDetails, 0},
    {"gen_ai.usage.output_token_details", Field::kOutputDetails, 0},
    {"gen_ai.serialized.", Field::kKnown},
});

constexpr auto kProofs = std::to_array<std::string_view>({"langsmith."});
constexpr auto kScopes = std::to_array<std::string_view>({"langsmith"});

constexpr auto kKinds = std::to_array<NamedKind>({
    {"llm", model::SpanKind::kLlm},
    {"chain", model::SpanKind::kTask},
    {"prompt", model::SpanKind::kTask},
    {"parser", model::SpanKind::kTask},
    {"tool", model::SpanKind::kTool},
    {"retriever", model::SpanKind::kRetriever},
    {"embedding", model::SpanKind::kEmbedding},
});

}  // namespace

const DialectSpec& LangSmithSpec() {
  static constexpr DialectSpec kSpec = {.dialect = model::Dialect::kLangSmith,
                                        .keys = kKeys,
                                        .proofs = kProofs,
                                        .scopes = kScopes,
                                        .kinds = kKinds};
  return kSpec;
}

}  // namespace sightline::normalize
