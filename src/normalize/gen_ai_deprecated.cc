// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <string_view>

#include "normalize/dialect.h"

namespace sightline::normalize {
namespace {

constexpr auto kKeys = std::to_array<KeyRule>({
    {"gen_ai.system", Field::kProvider, 1},
    {"gen_ai.prompt", Field::kMessages, 0},
    {"gen_ai.completion", Field::kMessages, 0},
    {"gen_ai.usage.prompt_tokens", Field::kInputTokens, 1},
    {"gen_ai.usage.completion_tokens", Field::kOutputTokens, 1},
    {"gen_ai.openai.", Field::kKnown},
});

constexpr auto kProofs = std::to_array<std::string_view>({
    "gen_ai.system",
    "gen_ai.prompt",
    "gen_ai.completion",
    "gen_ai.usage.prompt_tokens",
    "gen_ai.usage.completion_tokens",
});

}  // namespace

const DialectSpec& GenAiDeprecatedSpec() {
  static constexpr DialectSpec kSpec = {
      .dialect = model::Dialect::kGenAiDeprecated, .keys = kKeys, .proofs = kProofs};
  return kSpec;
}

}  // namespace sightline::normalize
