// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <string_view>

#include "normalize/dialect.h"

namespace sightline::normalize {
namespace {

constexpr auto kKeys = std::to_array<KeyRule>({
    {"mastra.span.type", Field::kEmitterKind, 0},
    // Up to 2025 tool spans said whether they succeeded and workflows who they are.
    {"gen_ai.tool.success", Field::kSuccess, 1},
    Own("agent.id", Field::kAgentId, 3),
    Own("agent.max_steps"),
    Own("agent.available_tools"),
    Own("input"),
    Own("output"),
    Own("span.kind"),
    Own("error.domain"),
    Own("error.category"),
    {"mastra.", Field::kKnown},
});

constexpr auto kProofs = std::to_array<std::string_view>({
    "mastra.",
});

constexpr auto kScopes = std::to_array<std::string_view>({
    "@mastra/otel*",
});

// Values of mastra.span.type. A generation is the model call as a whole; its steps and chunks,
// which repeat its counts, are parts of it.
constexpr auto kKinds = std::to_array<NamedKind>({
    {"agent_run", model::SpanKind::kAgent},
    {"workflow_run", model::SpanKind::kWorkflow},
    {"model_generation", model::SpanKind::kLlm},
    {"tool_call", model::SpanKind::kTool},
    {"mcp_tool_call", model::SpanKind::kTool},
    {"client_tool_call", model::SpanKind::kTool},
    {"provider_tool_call", model::SpanKind::kTool},
    {"rag_embedding", model::SpanKind::kEmbedding},
    {"rag_vector_operation", model::SpanKind::kRetriever},
    {"scorer_run", model::SpanKind::kEvaluator},
    {"scorer_step", model::SpanKind::kTask},
    {"model_*", model::SpanKind::kTask},
    {"workflow_*", model::SpanKind::kTask},
    {"processor_*", model::SpanKind::kTask},
    {"memory_*", model::SpanKind::kTask},
    {"rag_*", model::SpanKind::kTask},
    {"workspace_*", model::SpanKind::kTask},
    {"generic", model::SpanKind::kTask},
});

}  // namespace

const DialectSpec& MastraSpec() {
  static constexpr DialectSpec kSpec = {.dialect = model::Dialect::kMastra,
                                        .keys = kKeys,
                                        .proofs = kProofs,
                                        .scopes = kScopes,
                                        .kinds = kKinds,
                                        .framework = "mastra",
                                        .input = InputCounting::kInclusive};
  return kSpec;
}

}  // namespace sightline::normalize
