// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <string_view>

#include "normalize/dialect.h"

namespace sightline::normalize {
namespace {

constexpr auto kKeys = std::to_array<KeyRule>({
    {"gen_ai.sdk.version", Field::kKnown},
    {"gen_ai.request.provider", Field::kProvider, 6},
    {"gen_ai.usage.cost", Field::kCost, 4, Form::kZeroIsAbsent},
    {"gen_ai.usage.prompt_tokens_details.cached_tokens", Field::kCacheReadTokens, 7},
    {"gen_ai.usage.prompt_tokens_details.cache_creation_tokens", Field::kCacheWriteTokens, 7},
    {"gen_ai.usage.completion_tokens_details.reasoning_tokens", Field::kReasoningTokens, 8},
    {"gen_ai.usage.completion_tokens_details.audio_tokens", Field::kAudioOutputTokens, 3},
    {"gen_ai.client.token.usage", Field::kTotalTokens, 7},
    {"gen_ai.session.id", Field::kSessionId, 5},
    {"gen_ai.user.id", Field::kUserId, 6},
    {"gen_ai.request.user", Field::kUserId, 7},
    {"gen_ai.tool.args", Field::kToolArguments, 4},
    {"gen_ai.tool.input", Field::kToolArguments, 5},
    {"gen_ai.environment", Field::kEnvironment, 3},
    {"gen_ai.application_name", Field::kKnown},
    {"gen_ai.endpoint", Field::kKnown},
    {"gen_ai.graph.", Field::kKnown},
    {"guard.", Field::kKnown},
    {"gpu.", Field::kKnown},
});

constexpr auto kProofs = std::to_array<std::string_view>({"gen_ai.sdk.version"});

}  // namespace

const DialectSpec& OpenLitSpec() {
  // Also proved by telemetry.sdk.name=openlit, on the span or on the resource.
  static constexpr DialectSpec kSpec = {.dialect = model::Dialect::kOpenLit,
                                        .keys = kKeys,
                                        .proofs = kProofs,
                                        .input = InputCounting::kExclusiveOnAnthropic};
  return kSpec;
}

}  // namespace sightline::normalize
