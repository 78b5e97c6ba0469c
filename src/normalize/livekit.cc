// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <string_view>

#include "normalize/dialect.h"

namespace sightline::normalize {
namespace {

constexpr auto kKeys = std::to_array<KeyRule>({
    {"lk.function_tool.name", Field::kToolName, 6},
    {"lk.function_tool.id", Field::kToolCallId, 9},
    {"lk.function_tool.arguments", Field::kToolArguments, 14},
    {"lk.pii.function_tool.arguments", Field::kToolArguments, 15},
    {"lk.function_tool.is_error", Field::kToolFailed, 0},
    {"lk.function_tool.output", Field::kErrorMessage, 2},
    {"lk.pii.function_tool.output", Field::kErrorMessage, 3},
    {"lk.agent_name", Field::kAgentName, 10},
    {"lk.agent_label", Field::kAgentName, 11},
    {"lk.job_id", Field::kRunId, 6},
    {"lk.response.ttft", Field::kTimeToFirstToken, 8},
    {"lk.", Field::kKnown},
});

constexpr auto kProofs = std::to_array<std::string_view>({
    "lk.",
});

constexpr auto kScopes = std::to_array<std::string_view>({
    "livekit-agents",
    "livekit.*",
});

// llm_node is the step around one llm_request, which has the counts.
constexpr auto kSpanNames = std::to_array<NamedKind>({
    {"job_entrypoint", model::SpanKind::kWorkflow},
    {"agent_session", model::SpanKind::kWorkflow},
    {"agent_turn", model::SpanKind::kAgent},
    {"function_tool", model::SpanKind::kTool},
    {"llm_request", model::SpanKind::kLlm},
    {"llm_request_run", model::SpanKind::kTask},
    {"llm_node", model::SpanKind::kTask},
    {"tts_node", model::SpanKind::kTask},
    {"tts_request*", model::SpanKind::kTask},
    {"user_turn", model::SpanKind::kTask},
    {"user_speaking", model::SpanKind::kTask},
    {"agent_speaking", model::SpanKind::kTask},
    {"eou_detection", model::SpanKind::kTask},
    {"start_agent_activity", model::SpanKind::kTask},
    {"drain_agent_activity", model::SpanKind::kTask},
    {"on_enter", model::SpanKind::kTask},
    {"on_exit", model::SpanKind::kTask},
    {"amd", model::SpanKind::kTask},
    {"judge_evaluation", model::SpanKind::kEvaluator},
});

}  // namespace

const DialectSpec& LiveKitSpec() {
  // Since 1.7 keys that hold what users said or sent have "pii" in them: lk.pii.user_input.
  static constexpr DialectSpec kSpec = {.dialect = model::Dialect::kLiveKit,
                                        .keys = kKeys,
                                        .proofs = kProofs,
                                        .scopes = kScopes,
                                        .span_names = kSpanNames,
                                        .framework = "livekit",
                                        .input = InputCounting::kInclusive};
  return kSpec;
}

}  // namespace sightline::normalize
