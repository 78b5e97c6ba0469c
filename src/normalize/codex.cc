// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <string_view>

#include "normalize/dialect.h"

namespace sightline::normalize {
namespace {

// Counts and durations are decimal strings.
constexpr auto kKeys = std::to_array<KeyRule>({
    {"provider_name", Field::kProvider, 8},
    {"conversation.id", Field::kSessionId, 3},
    {"call_id", Field::kToolCallId, 6},
    {"event.kind", Field::kEventKind, 0},
    {"input_token_count", Field::kInputTokens, 7},
    {"output_token_count", Field::kOutputTokens, 6},
    {"cached_token_count", Field::kCacheReadTokens, 10},
    {"reasoning_token_count", Field::kReasoningTokens, 11},
    {"tool_token_count", Field::kTotalTokens, 5},  // Named tool, holds the total.
    {"codex.usage.reasoning_output_tokens", Field::kReasoningTokens, 10},
    {"codex.usage.total_tokens", Field::kTotalTokens, 4},
    {"codex.", Field::kKnown},
    {"user.account_id", Field::kUserId, 11},
    {"app.version", Field::kKnown},
    {"approval_policy", Field::kKnown},
    {"arguments", Field::kToolArguments, 8},
    {"auth_mode", Field::kKnown},
    {"context_window", Field::kKnown},
    {"mcp_server", Field::kKnown},
    {"originator", Field::kKnown},
    {"output", Field::kKnown},
    {"reasoning_effort", Field::kKnown},
    {"reasoning_summary", Field::kKnown},
    {"sandbox_policy", Field::kKnown},
    {"slug", Field::kKnown},
});

constexpr auto kProofs = std::to_array<std::string_view>({"codex."});

}  // namespace

const DialectSpec& CodexSpec() {
  // Also proved by an event.name that starts with "codex.".
  static constexpr DialectSpec kSpec = {.dialect = model::Dialect::kCodex,
                                        .keys = kKeys,
                                        .proofs = kProofs,
                                        .framework = "codex",
                                        .input = InputCounting::kInclusive};
  return kSpec;
}

}  // namespace sightline::normalize
