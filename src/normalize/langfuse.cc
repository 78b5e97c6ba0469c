// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <string_view>

#include "normalize/dialect.h"

namespace sightline::normalize {
namespace {

constexpr auto kKeys = std::to_array<KeyRule>({
    {"langfuse.observation.type", Field::kLangfuseType, 0},
    {"langfuse.observation.model.name", Field::kRequestModel, 2},
    {"langfuse.observation.model.name", Field::kLangfuseCall, 0},
    {"langfuse.observation.model.parameters", Field::kLangfuseCall, 0},
    {"langfuse.observation.usage_details", Field::kLangfuseUsage, 0},
    {"langfuse.observation.usage_details", Field::kLangfuseCall, 0},
    {"langfuse.observation.cost_details", Field::kLangfuseCost, 0},
    {"langfuse.observation.cost_details", Field::kLangfuseCall, 0},
    {"langfuse.observation.completion_start_time", Field::kTimeToFirstToken, 5, Form::kIsoTime},
    {"langfuse.observation.level", Field::kLevel, 0},
    {"langfuse.observation.status_message", Field::kStatusText, 0},
    {"langfuse.observation.metadata.lc_agent_name", Field::kAgentName, 8},
    {"langfuse.trace.name", Field::kWorkflowName, 3},
    {"langfuse.trace.tags", Field::kTags, 0},
    {"langfuse.session.id", Field::kSessionId, 2},
    {"langfuse.user.id", Field::kUserId, 1},
    {"langfuse.environment", Field::kEnvironment, 0},
    {"langfuse.release", Field::kRelease, 0},
    {"langfuse.version", Field::kRelease, 1},
    {"langfuse.internal.as_root", Field::kAppRoot, 0},
    {"langfuse.internal.is_app_root", Field::kAppRoot, 1},
    {"langfuse.observation.input", Field::kMessages, 0},
    {"langfuse.observation.output", Field::kMessages, 0},
    {"langfuse.observation.prompt.name", Field::kPromptName, 1},
    {"langfuse.observation.prompt.version", Field::kPromptVersion, 1},
    {"langfuse.", Field::kKnown},
});

constexpr auto kProofs = std::to_array<std::string_view>({"langfuse."});
constexpr auto kScopes = std::to_array<std::string_view>({"langfuse-sdk"});

constexpr auto kKinds = std::to_array<NamedKind>({
    {"generation", model::SpanKind::kLlm},
    {"agent", model::SpanKind::kAgent},
    {"tool", model::SpanKind::kTool},
    {"chain", model::SpanKind::kTask},
    {"retriever", model::SpanKind::kRetriever},
    {"embedding", model::SpanKind::kEmbedding},
    {"guardrail", model::SpanKind::kGuardrail},
    {"evaluator", model::SpanKind::kEvaluator},
    {"event", model::SpanKind::kOther},  // A point in time.
});

}  // namespace

const DialectSpec& LangfuseSpec() {
  static constexpr DialectSpec kSpec = {.dialect = model::Dialect::kLangfuse,
                                        .keys = kKeys,
                                        .proofs = kProofs,
                                        .scopes = kScopes,
                                        .kinds = kKinds};
  return kSpec;
}

}  // namespace sightline::normalize
