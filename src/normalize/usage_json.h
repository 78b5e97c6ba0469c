// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "model/usage.h"
#include "normalize/json.h"
#include "otlp/request.h"

namespace sightline::normalize {

// Token counts as they were on the wire; model::Usage::kUnknown where there was none.
//
// Thread: value.
struct WireCounts {
  std::int64_t input = model::Usage::kUnknown;
  std::int64_t output = model::Usage::kUnknown;
  std::int64_t cache_read = model::Usage::kUnknown;
  std::int64_t cache_write = model::Usage::kUnknown;
  std::int64_t reasoning = model::Usage::kUnknown;
  std::int64_t audio_in = model::Usage::kUnknown;
  std::int64_t audio_out = model::Usage::kUnknown;
  std::int64_t total = model::Usage::kUnknown;
  std::int64_t uncached = model::Usage::kUnknown;     // Input without the cached tokens.
  std::int64_t tool_prompt = model::Usage::kUnknown;  // Gemini: of its own tools, beside the input.
  model::UsageDetails details;

  friend bool operator==(const WireCounts&, const WireCounts&) = default;
};

// Takes over what `into` does not know.
void Merge(const WireCounts& from, WireCounts& into);

// The counts in a usage object of whatever shape, told by the words of its names: those of OpenAI,
// Anthropic, Gemini, Bedrock, LangChain, Cohere, Ollama and the AI SDKs, nested details included.
// `path` is put in front of every name: "input_token_details" for an object that holds only these.
WireCounts ReadCounts(const json::value& usage, std::string_view path = {});

// Langfuse's usage_details. Its own normaliser makes disjoint buckets: "input" and "output" are
// what is left beside "input_cached_tokens", "input_modality_image", "output_reasoning_tokens" and
// so on, and every bucket whose name contains "input" or "output" belongs to that side.
struct LangfuseCounts {
  WireCounts counts;
  bool has_buckets = false;  // Sums are made; otherwise the map has the shape of a provider.
  bool is_disjoint = false;  // The buckets do not contain each other.
};

LangfuseCounts ReadLangfuseCounts(const json::value& map);

// An object or array from an attribute: a structured value, JSON text, or what Python's str() makes
// of a dict of numbers. Empty for anything else.
std::optional<json::value> ReadUsageStructure(const otlp::Value& value);

}  // namespace sightline::normalize
