// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <string_view>

#include "normalize/dialect.h"

namespace sightline::normalize {
namespace {

constexpr auto kKeys = std::to_array<KeyRule>({
    {"span.type", Field::kClaudeSpanType, 0},
    {"model", Field::kRequestModel, 9},
    {"request_id", Field::kCallKey, 0},
    {"client_request_id", Field::kCallKey, 1},
    {"input_tokens", Field::kInputTokens, 6},
    {"output_tokens", Field::kOutputTokens, 5},
    {"cache_read_tokens", Field::kCacheReadTokens, 9},
    {"cache_creation_tokens", Field::kCacheWriteTokens, 9},
    {"cost_usd", Field::kCost, 5},
    {"cost_usd_micros", Field::kCost, 6, Form::kMicrodollars},
    {"ttft_ms", Field::kTimeToFirstToken, 2, Form::kMilliseconds},
    {"duration_ms", Field::kDuration, 0, Form::kMilliseconds},
    {"stop_reason", Field::kFinishReasons, 10},
    {"success", Field::kSuccess, 0},
    {"status_code", Field::kHttpStatus, 2},
    {"tool_name", Field::kToolName, 3},
    {"tool_use_id", Field::kToolCallId, 5},
    {"agent_id", Field::kAgentId, 1},
    {"parent_agent_id", Field::kKnown},
    {"prompt.id", Field::kRunId, 2},
    {"workflow.run_id", Field::kWorkflowId, 1},
    {"event.sequence", Field::kEventSequence, 0},
    {"user.account_uuid", Field::kUserId, 10},
    {"user.email", Field::kUserId, 12},
    {"claude_code.", Field::kKnown},
    {"attempt", Field::kKnown},
    {"body", Field::kKnown},
    {"body_ref", Field::kKnown},
    {"body_truncated", Field::kKnown},
    {"decision", Field::kKnown},
    {"effort", Field::kKnown},
    {"hook_name", Field::kKnown},
    {"interaction.", Field::kKnown},
    {"organization.", Field::kKnown},
    {"prompt", Field::kKnown},
    {"prompt_length", Field::kKnown},
    {"query_source", Field::kKnown},
    {"response", Field::kKnown},
    {"response_length", Field::kKnown},
    {"result_tokens", Field::kKnown},
    {"source", Field::kKnown},
    {"speed", Field::kKnown},
    {"terminal.", Field::kKnown},
    {"tool_input", Field::kToolArguments, 6},
    {"tool_parameters", Field::kToolArguments, 7},
    {"user_prompt", Field::kKnown},
    {"user_prompt_length", Field::kKnown},
});

constexpr auto kServices = std::to_array<std::string_view>({"claude-code", "claude-code-desktop"});
constexpr auto kScopes = std::to_array<std::string_view>({"com.anthropic.claude_code",
                                                          "com.anthropic.claude_code.events",
                                                          "com.anthropic.claude_code.tracing"});

// Span names, and values of span.type, without "claude_code.".
constexpr auto kKinds = std::to_array<NamedKind>({
    {"interaction", model::SpanKind::kAgent},
    {"llm_request", model::SpanKind::kLlm},
    {"tool", model::SpanKind::kTool},
    {"tool.execution", model::SpanKind::kTask},
    {"tool.blocked_on_user", model::SpanKind::kTask},
    {"hook", model::SpanKind::kTask},
});

}  // namespace

const DialectSpec& ClaudeCodeSpec() {
  static constexpr DialectSpec kSpec = {.dialect = model::Dialect::kClaudeCode,
                                        .keys = kKeys,
                                        .scopes = kScopes,
                                        .services = kServices,
                                        .kinds = kKinds,
                                        .framework = "claude_code",
                                        .input = InputCounting::kExclusive,
                                        .span_name_proof = "claude_code."};
  return kSpec;
}

}  // namespace sightline::normalize
