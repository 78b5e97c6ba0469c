// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <string_view>

#include "normalize/dialect.h"

namespace sightline::normalize {
namespace {

constexpr auto kKeys = std::to_array<KeyRule>({
    {"span.type", Field::kClaudeSpanType, 0},
    Own("model", Field::kRequestModel, 9),
    Own("request_id", Field::kCallKey, 0),
    Own("client_request_id", Field::kCallKey, 1),
    Own("input_tokens", Field::kInputTokens, 6),
    Own("output_tokens", Field::kOutputTokens, 5),
    Own("cache_read_tokens", Field::kCacheReadTokens, 9),
    Own("cache_creation_tokens", Field::kCacheWriteTokens, 9),
    Own("cost_usd", Field::kCost, 5),
    Own("cost_usd_micros", Field::kCost, 6, Form::kMicrodollars),
    Own("ttft_ms", Field::kTimeToFirstToken, 2, Form::kMilliseconds),
    Own("duration_ms", Field::kDuration, 0, Form::kMilliseconds),
    Own("stop_reason", Field::kFinishReasons, 10),
    Own("success", Field::kSuccess, 0),
    Own("status_code", Field::kHttpStatus, 2),
    Own("tool_name", Field::kToolName, 3),
    Own("tool_use_id", Field::kToolCallId, 5),
    Own("agent_id", Field::kAgentId, 1),
    Own("parent_agent_id"),
    {"prompt.id", Field::kRunId, 2},
    {"workflow.run_id", Field::kWorkflowId, 1},
    {"event.sequence", Field::kEventSequence, 0},
    {"user.account_uuid", Field::kUserId, 10},
    {"user.email", Field::kUserId, 12},
    {"claude_code.", Field::kKnown},
    Own("attempt"),
    Own("body"),
    Own("body_ref"),
    Own("body_truncated"),
    Own("decision"),
    Own("effort"),
    Own("hook_name"),
    {"interaction.", Field::kKnown},
    {"organization.", Field::kKnown},
    Own("prompt"),
    Own("prompt_length"),
    Own("query_source"),
    Own("response"),
    Own("response_length"),
    Own("result_tokens"),
    Own("source"),
    Own("speed"),
    {"terminal.", Field::kKnown},
    Own("tool_input", Field::kToolArguments, 6),
    Own("tool_parameters", Field::kToolArguments, 7),
    Own("user_prompt"),
    Own("user_prompt_length"),
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
