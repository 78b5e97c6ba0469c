// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <string_view>

#include "normalize/dialect.h"

namespace sightline::normalize {
namespace {

constexpr auto kKeys = std::to_array<KeyRule>({
    Own("model", Field::kRequestModel, 9),
    Own("model_name", Field::kRequestModel, 10),
    Own("agent_id", Field::kAgentId, 1),
    Own("agent_name", Field::kAgentName, 2),
    Own("input_token_count", Field::kInputTokens, 7),
    Own("output_token_count", Field::kOutputTokens, 6),
    Own("duration_ms", Field::kDuration, 0, Form::kMilliseconds),
    Own("success", Field::kSuccess, 0),
    Own("status_code", Field::kHttpStatus, 2),
    Own("decision"),
    Own("prompt"),
    Own("prompt_length"),
    Own("prompt_id", Field::kRunId, 3),
    Own("function_name", Field::kToolName, 4),
    Own("finish_reasons", Field::kFinishReasons, 11),
    Own("cached_content_token_count", Field::kCacheReadTokens, 11),
    Own("thoughts_token_count", Field::kReasoningTokens, 12),
    Own("total_token_count", Field::kTotalTokens, 6),
    Own("duration", Field::kDuration, 1, Form::kMilliseconds),
    Own("agent_type"),
    Own("auth_type"),
    Own("function_args", Field::kToolArguments, 9),
    {"gemini_cli.", Field::kKnown},
    {"installation.", Field::kKnown},
    Own("interactive"),
    Own("mcp_server_name"),
    Own("request_text"),
    Own("response_text"),
    Own("terminate_reason"),
    Own("tool_type", Field::kToolType, 1),
    Own("turn_count"),
});

constexpr auto kServices = std::to_array<std::string_view>({"gemini-cli"});

}  // namespace

const DialectSpec& GeminiCliSpec() {
  // Also proved by gen_ai.agent.name=gemini-cli and by event names that start with "gemini_cli.".
  static constexpr DialectSpec kSpec = {.dialect = model::Dialect::kGeminiCli,
                                        .keys = kKeys,
                                        .services = kServices,
                                        .framework = "gemini_cli",
                                        .input = InputCounting::kInclusive,
                                        .span_name_proof = "gemini_cli."};
  return kSpec;
}

}  // namespace sightline::normalize
