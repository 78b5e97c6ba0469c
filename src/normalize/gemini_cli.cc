// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <string_view>

#include "normalize/dialect.h"

namespace sightline::normalize {
namespace {

constexpr auto kKeys = std::to_array<KeyRule>({
    {"prompt_id", Field::kRunId, 3},
    {"function_name", Field::kToolName, 4},
    {"finish_reasons", Field::kFinishReasons, 11},
    {"cached_content_token_count", Field::kCacheReadTokens, 11},
    {"thoughts_token_count", Field::kReasoningTokens, 12},
    {"total_token_count", Field::kTotalTokens, 6},
    {"duration", Field::kDuration, 1, Form::kMilliseconds},
    {"agent_type", Field::kKnown},
    {"auth_type", Field::kKnown},
    {"function_args", Field::kToolArguments, 9},
    {"gemini_cli.", Field::kKnown},
    {"installation.", Field::kKnown},
    {"interactive", Field::kKnown},
    {"mcp_server_name", Field::kKnown},
    {"request_text", Field::kKnown},
    {"response_text", Field::kKnown},
    {"terminate_reason", Field::kKnown},
    {"tool_type", Field::kToolType, 1},
    {"turn_count", Field::kKnown},
});

constexpr auto kServices = std::to_array<std::string_view>({"gemini-cli"});

}  // namespace

const DialectSpec& GeminiCliSpec() {
  // Also proved by gen_ai.agent.name=gemini-cli and by event names that start with "gemini_cli.".
  static constexpr DialectSpec kSpec = {.dialect = model::Dialect::kGeminiCli,
                                        .keys = kKeys,
                                        .services = kServices,
                                        .framework = "gemini_cli",
                                        .input = InputCounting::kInclusive};
  return kSpec;
}

}  // namespace sightline::normalize
