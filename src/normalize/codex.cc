// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <string_view>

#include "normalize/dialect.h"

namespace sightline::normalize {
namespace {

// Counts and durations are decimal strings.
constexpr auto kKeys = std::to_array<KeyRule>({
    Own("provider_name", Field::kProvider, 8),
    Own("model", Field::kRequestModel, 9),
    Own("duration_ms", Field::kDuration, 0, Form::kMilliseconds),
    Own("success", Field::kSuccess, 0),
    Own("tool_name", Field::kToolName, 3),
    Own("attempt"),
    Own("decision"),
    Own("prompt"),
    Own("prompt_length"),
    Own("source"),
    {"conversation.id", Field::kSessionId, 3},
    Own("call_id", Field::kToolCallId, 6),
    {"event.kind", Field::kEventKind, 0},
    Own("input_token_count", Field::kInputTokens, 7),
    Own("output_token_count", Field::kOutputTokens, 6),
    Own("cached_token_count", Field::kCacheReadTokens, 10),
    Own("reasoning_token_count", Field::kReasoningTokens, 11),
    Own("tool_token_count", Field::kTotalTokens, 5),  // Named tool, holds the total.
    {"codex.usage.reasoning_output_tokens", Field::kReasoningTokens, 10},
    {"codex.usage.total_tokens", Field::kTotalTokens, 4},
    {"codex.", Field::kKnown},
    {"user.account_id", Field::kUserId, 11},
    {"app.version", Field::kKnown},
    Own("approval_policy"),
    Own("arguments", Field::kToolArguments, 8),
    Own("auth_mode"),
    Own("context_window"),
    Own("mcp_server"),
    Own("originator"),
    Own("output"),
    Own("reasoning_effort"),
    Own("reasoning_summary"),
    Own("sandbox_policy"),
    Own("slug"),
});

constexpr auto kProofs = std::to_array<std::string_view>({"codex."});

}  // namespace

const DialectSpec& CodexSpec() {
  // Also proved by an event.name that starts with "codex.".
  static constexpr DialectSpec kSpec = {.dialect = model::Dialect::kCodex,
                                        .keys = kKeys,
                                        .proofs = kProofs,
                                        .framework = "codex",
                                        .input = InputCounting::kInclusive,
                                        .span_name_proof = "codex."};
  return kSpec;
}

}  // namespace sightline::normalize
