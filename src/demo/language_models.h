// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace sightline::demo {

class Random;

// How a provider counts and keeps prompts it has seen before.
enum class PromptCache : std::uint8_t {
  kNone,
  kAutomatic,  // Reads in steps of 128 tokens, writes are not reported.
  kExplicit,   // Reads exactly what was written; writes are reported.
};

// A model that simulated agents call.
//
// Thread: value.
struct LanguageModel {
  std::string_view name;           // As requested.
  std::string_view answered_name;  // As the provider names it in the response.
  std::string_view provider;       // Value of gen_ai.provider.name.
  std::string_view server;         // Host of the API.
  std::string_view id_prefix;      // Of response ids.
  std::int64_t context_tokens = 0;
  double first_token_seconds = 0;  // Median.
  double tokens_per_second = 0;    // Median.
  PromptCache cache = PromptCache::kNone;
  bool does_reasoning = false;
};

extern const LanguageModel kGpt5Mini;
extern const LanguageModel kGpt4o;
extern const LanguageModel kClaudeSonnet;
extern const LanguageModel kGeminiFlash;
extern const LanguageModel kMistralLarge;
extern const LanguageModel kTidewaterCoder;  // In-house: no price list knows it.
extern const LanguageModel kSmallEmbedding;
extern const LanguageModel kReranker;

// A response id in the form of the model's provider.
std::string MakeResponseId(const LanguageModel& model, Random& random);

}  // namespace sightline::demo
