// SPDX-License-Identifier: Apache-2.0
#include "demo/language_models.h"

#include "demo/random.h"

namespace sightline::demo {

const LanguageModel kGpt5Mini = {.name = "gpt-5-mini",
                                 .answered_name = "gpt-5-mini-2025-08-07",
                                 .provider = "openai",
                                 .server = "api.openai.com",
                                 .id_prefix = "resp_",
                                 .context_tokens = 400'000,
                                 .first_token_seconds = 1.1,
                                 .tokens_per_second = 95,
                                 .cache = PromptCache::kAutomatic,
                                 .does_reasoning = true};

const LanguageModel kGpt4o = {.name = "gpt-4o",
                              .answered_name = "gpt-4o-2024-08-06",
                              .provider = "openai",
                              .server = "api.openai.com",
                              .id_prefix = "chatcmpl-",
                              .context_tokens = 128'000,
                              .first_token_seconds = 0.45,
                              .tokens_per_second = 85,
                              .cache = PromptCache::kAutomatic};

const LanguageModel kClaudeSonnet = {.name = "claude-sonnet-4-5",
                                     .answered_name = "claude-sonnet-4-5-20250929",
                                     .provider = "anthropic",
                                     .server = "api.anthropic.com",
                                     .id_prefix = "msg_01",
                                     .context_tokens = 200'000,
                                     .first_token_seconds = 1.2,
                                     .tokens_per_second = 65,
                                     .cache = PromptCache::kExplicit};

const LanguageModel kGeminiFlash = {.name = "gemini-2.5-flash",
                                    .answered_name = "gemini-2.5-flash",
                                    .provider = "gcp.gemini",
                                    .server = "generativelanguage.googleapis.com",
                                    .context_tokens = 1'048'576,
                                    .first_token_seconds = 0.5,
                                    .tokens_per_second = 180,
                                    .cache = PromptCache::kAutomatic};

const LanguageModel kMistralLarge = {.name = "mistral-large-latest",
                                     .answered_name = "mistral-large-2411",
                                     .provider = "mistral_ai",
                                     .server = "api.mistral.ai",
                                     .context_tokens = 128'000,
                                     .first_token_seconds = 0.7,
                                     .tokens_per_second = 55};

const LanguageModel kTidewaterCoder = {.name = "tidewater-coder-1",
                                       .answered_name = "tidewater-coder-1",
                                       .provider = "tidewater",
                                       .server = "models.tidewater.internal",
                                       .id_prefix = "gen-",
                                       .context_tokens = 32'000,
                                       .first_token_seconds = 0.35,
                                       .tokens_per_second = 110,
                                       .cache = PromptCache::kAutomatic};

const LanguageModel kSmallEmbedding = {.name = "text-embedding-3-small",
                                       .answered_name = "text-embedding-3-small",
                                       .provider = "openai",
                                       .server = "api.openai.com",
                                       .context_tokens = 8191,
                                       .first_token_seconds = 0.12,
                                       .tokens_per_second = 20'000};

const LanguageModel kReranker = {.name = "rerank-v3.5",
                                 .answered_name = "rerank-v3.5",
                                 .provider = "cohere",
                                 .server = "api.cohere.com",
                                 .context_tokens = 4096,
                                 .first_token_seconds = 0.18,
                                 .tokens_per_second = 20'000};

std::string MakeResponseId(const LanguageModel& model, Random& random) {
  std::string id(model.id_prefix);
  if (model.id_prefix == "resp_") {
    return id + random.HexDigits(48);
  }
  return id + random.Letters(model.id_prefix.empty() ? 22 : 24);
}

}  // namespace sightline::demo
