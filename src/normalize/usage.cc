// SPDX-License-Identifier: Apache-2.0
#include "normalize/usage.h"

#include <algorithm>
#include <initializer_list>
#include <optional>
#include <string>

#include <boost/json/object.hpp>

#include "normalize/json.h"
#include "normalize/values.h"

namespace sightline::normalize {
namespace {

using model::Usage;
using model::UsageRule;

std::int64_t OrZero(std::int64_t count) {
  return std::max<std::int64_t>(count, 0);
}

bool IsKnown(std::int64_t count) {
  return count != Usage::kUnknown;
}

void FillIfUnknown(std::int64_t& count, std::optional<std::int64_t> value) {
  if (!IsKnown(count) && value && *value >= 0) {
    count = *value;
  }
}

UsageRule RuleFor(const WireCounts& counts, InputCounting input, std::string_view provider) {
  const bool is_anthropic = provider == "anthropic";
  const bool is_bedrock = provider == "aws.bedrock";
  if (input == InputCounting::kExclusive ||
      (input == InputCounting::kExclusiveOnAnthropic && is_anthropic) ||
      (input == InputCounting::kExclusiveOnBedrock && is_bedrock)) {
    return UsageRule::kExclusive;
  }
  if (input == InputCounting::kInclusive || !(is_anthropic || is_bedrock)) {
    return UsageRule::kInclusive;
  }
  const std::int64_t cached = OrZero(counts.cache_read) + OrZero(counts.cache_write);
  const bool cache_exceeds_input = cached > counts.input;
  const bool total_adds_cache = cached > 0 && IsKnown(counts.total) &&
                                counts.total == counts.input + OrZero(counts.output) + cached;
  return cache_exceeds_input || total_adds_cache ? UsageRule::kExclusiveByCounts
                                                 : UsageRule::kInclusive;
}

bool AddsThoughts(const WireCounts& counts, const CountingRule& rule) {
  if (!rule.thoughts_outside_output || OrZero(counts.reasoning) == 0) {
    return false;
  }
  // A total that is already reached without the thoughts says that the output includes them.
  return !IsKnown(counts.total) || !IsKnown(counts.input) ||
         counts.total != counts.input + OrZero(counts.output);
}

// Langfuse's map is free-form. Its own normaliser makes disjoint buckets: "input" and "output" are
// what is left beside "input_cached_tokens", "output_reasoning_tokens" and so on. Maps in the shape
// of the provider (prompt_tokens, completion_tokens) are inclusive, and a total that is the sum of
// input and output alone shows that the details are subsets.
struct LangfuseBuckets {
  WireCounts counts;
  bool is_disjoint = false;
};

std::optional<std::int64_t> CacheReadOf(const json::value& map) {
  return CountMember(map, {"cache_read_input_tokens", "input_cached_tokens", "input_cache_read",
                           "cache_read_tokens", "cached_tokens"});
}

std::optional<std::int64_t> CacheWriteOf(const json::value& map) {
  return CountMember(map, {"cache_creation_input_tokens", "input_cache_creation",
                           "input_cache_write", "cache_write_tokens", "cache_creation_tokens"});
}

void ReadProviderShape(const json::value& map, WireCounts& counts) {
  FillIfUnknown(counts.input, CountMember(map, {"prompt_tokens", "input_tokens"}));
  FillIfUnknown(counts.output, CountMember(map, {"completion_tokens", "output_tokens"}));
  FillIfUnknown(counts.total, CountMember(map, {"total_tokens", "total"}));
  FillIfUnknown(counts.cache_read, CacheReadOf(map));
  FillIfUnknown(counts.cache_write, CacheWriteOf(map));
  if (const auto* details =
          Member(map, {"prompt_tokens_details", "input_tokens_details", "input_token_details"})) {
    FillIfUnknown(counts.cache_read, CountMember(*details, {"cached_tokens", "cache_read"}));
    FillIfUnknown(counts.cache_write, CountMember(*details, {"cache_creation"}));
    FillIfUnknown(counts.audio_in, CountMember(*details, {"audio_tokens", "audio"}));
  }
  if (const auto* details = Member(
          map, {"completion_tokens_details", "output_tokens_details", "output_token_details"})) {
    FillIfUnknown(counts.reasoning, CountMember(*details, {"reasoning_tokens", "reasoning"}));
    FillIfUnknown(counts.audio_out, CountMember(*details, {"audio_tokens", "audio"}));
  }
}

LangfuseBuckets ReadLangfuse(const json::value& map) {
  LangfuseBuckets buckets;
  WireCounts& counts = buckets.counts;
  const auto input = CountMember(map, {"input"});
  const auto output = CountMember(map, {"output"});
  if (!input && !output) {
    ReadProviderShape(map, counts);
    return buckets;
  }
  FillIfUnknown(counts.cache_read, CacheReadOf(map));
  FillIfUnknown(counts.cache_write, CacheWriteOf(map));
  FillIfUnknown(counts.reasoning,
                CountMember(map, {"output_reasoning_tokens", "output_reasoning"}));
  FillIfUnknown(counts.audio_in, CountMember(map, {"input_audio_tokens", "input_audio"}));
  FillIfUnknown(counts.audio_out, CountMember(map, {"output_audio_tokens", "output_audio"}));
  FillIfUnknown(counts.total, CountMember(map, {"total"}));
  std::int64_t input_sum = OrZero(input.value_or(0)) + OrZero(counts.cache_read) +
                           OrZero(counts.cache_write) + OrZero(counts.audio_in);
  std::int64_t output_sum =
      OrZero(output.value_or(0)) + OrZero(counts.reasoning) + OrZero(counts.audio_out);
  const std::int64_t plain_sum = input.value_or(0) + output.value_or(0);
  buckets.is_disjoint =
      input_sum + output_sum != plain_sum && (!IsKnown(counts.total) || counts.total != plain_sum);
  FillIfUnknown(counts.input, !input                ? std::nullopt
                              : buckets.is_disjoint ? std::optional(input_sum)
                                                    : input);
  FillIfUnknown(counts.output, !output               ? std::nullopt
                               : buckets.is_disjoint ? std::optional(output_sum)
                                                     : output);
  return buckets;
}

std::optional<json::value> StructureOf(const Slots& slots, Field field) {
  if (!slots.has(field)) {
    return std::nullopt;
  }
  const otlp::Value& value = slots.value(field);
  return value.kind == otlp::ValueKind::kString ? ParseStructure(value.bytes)
                                                : std::optional(ToJson(value));
}

void Read(const Slots& slots, Field field, std::int64_t& count) {
  if (slots.has(field)) {
    FillIfUnknown(count, ParseInteger(slots.value(field)));
  }
}

WireCounts ReadFlat(const Slots& slots) {
  WireCounts counts;
  Read(slots, Field::kInputTokens, counts.input);
  Read(slots, Field::kOutputTokens, counts.output);
  Read(slots, Field::kCacheReadTokens, counts.cache_read);
  Read(slots, Field::kCacheWriteTokens, counts.cache_write);
  Read(slots, Field::kReasoningTokens, counts.reasoning);
  Read(slots, Field::kAudioInputTokens, counts.audio_in);
  Read(slots, Field::kAudioOutputTokens, counts.audio_out);
  Read(slots, Field::kTotalTokens, counts.total);
  return counts;
}

void Merge(const WireCounts& from, WireCounts& into) {
  const auto merge = [](std::int64_t value, std::int64_t& count) {
    FillIfUnknown(count, IsKnown(value) ? std::optional(value) : std::nullopt);
  };
  merge(from.input, into.input);
  merge(from.output, into.output);
  merge(from.cache_read, into.cache_read);
  merge(from.cache_write, into.cache_write);
  merge(from.reasoning, into.reasoning);
  merge(from.audio_in, into.audio_in);
  merge(from.audio_out, into.audio_out);
  merge(from.total, into.total);
}

// Cache counts that the Vercel AI SDK only passes on in the provider's own shape.
void ReadVercelMetadata(const Slots& slots, WireCounts& counts) {
  const auto metadata = StructureOf(slots, Field::kVercelMetadata);
  if (!metadata) {
    return;
  }
  if (const auto* anthropic = Member(*metadata, {"anthropic"})) {
    if (const auto* usage = Member(*anthropic, {"usage"})) {
      FillIfUnknown(counts.cache_read, CountMember(*usage, {"cache_read_input_tokens"}));
      FillIfUnknown(counts.cache_write, CountMember(*usage, {"cache_creation_input_tokens"}));
    }
    FillIfUnknown(counts.cache_read, CountMember(*anthropic, {"cacheReadInputTokens"}));
    FillIfUnknown(counts.cache_write, CountMember(*anthropic, {"cacheCreationInputTokens"}));
  }
  if (const auto* openai = Member(*metadata, {"openai"})) {
    FillIfUnknown(counts.cache_read, CountMember(*openai, {"cachedPromptTokens"}));
    FillIfUnknown(counts.reasoning, CountMember(*openai, {"reasoningTokens"}));
  }
}

bool IsFrom(const Slots& slots, Field field, std::string_view key_prefix) {
  return slots.has(field) && slots.rule(field).key.starts_with(key_prefix);
}

CountingRule RuleOf(const Slots& slots, const DialectSpec* spec) {
  CountingRule rule;
  if (spec != nullptr) {
    rule.input = spec->input;
    rule.thoughts_outside_output =
        spec->dialect == model::Dialect::kGoogleAdk || spec->dialect == model::Dialect::kGeminiCli;
  }
  // Wrappers that write OpenInference keys have added the cache counts, whoever they wrap.
  if (IsFrom(slots, Field::kInputTokens, "llm.token_count.")) {
    rule.input = InputCounting::kInclusive;
  }
  if (IsFrom(slots, Field::kOutputTokens, "llm.token_count.")) {
    rule.thoughts_outside_output = false;
  }
  // Version 6 of the Vercel AI SDK brought these details and inclusive input.
  if (slots.has(Field::kUncachedInputTokens) ||
      IsFrom(slots, Field::kCacheReadTokens, "ai.usage.inputTokenDetails.") ||
      IsFrom(slots, Field::kCacheWriteTokens, "ai.usage.inputTokenDetails.")) {
    rule.input = InputCounting::kInclusive;
  }
  return rule;
}

}  // namespace

Usage ToUsage(const WireCounts& counts, const CountingRule& rule, std::string_view provider) {
  Usage usage{.input_total = counts.input,
              .cache_read = counts.cache_read,
              .cache_write = counts.cache_write,
              .output_total = counts.output,
              .reasoning = counts.reasoning,
              .audio_in = counts.audio_in,
              .audio_out = counts.audio_out,
              .total = counts.total};
  if (IsKnown(counts.input)) {
    usage.rule = RuleFor(counts, rule.input, provider);
    if (usage.rule != UsageRule::kInclusive) {
      usage.input_total += OrZero(counts.cache_read) + OrZero(counts.cache_write);
    }
  }
  if (AddsThoughts(counts, rule)) {
    usage.output_total = OrZero(counts.output) + counts.reasoning;
    usage.rule = UsageRule::kThoughtsAdded;
  }
  const std::int64_t sum = OrZero(usage.input_total) + OrZero(usage.output_total);
  // A raw total of an emitter that leaves something out of its input or output does so, too.
  const bool is_corrected =
      usage.input_total != counts.input || usage.output_total != counts.output;
  if (IsKnown(usage.input_total) || IsKnown(usage.output_total)) {
    usage.total = !IsKnown(counts.total) ? sum
                  : is_corrected         ? std::max(counts.total, sum)
                                         : counts.total;
  }
  return usage;
}

Usage ReadUsage(const Slots& slots, const DialectSpec* spec, std::string_view provider) {
  WireCounts counts = ReadFlat(slots);
  CountingRule rule = RuleOf(slots, spec);
  const bool has_flat = IsKnown(counts.input) || IsKnown(counts.output) || IsKnown(counts.total);
  if (slots.has(Field::kVercelMetadata) && has_flat) {
    ReadVercelMetadata(slots, counts);
  }
  for (const Field field :
       {Field::kMlflowUsage, Field::kLangSmithUsage, Field::kProviderResponse}) {
    if (!slots.has(field)) {
      continue;
    }
    if (const auto map = StructureOf(slots, field)) {
      WireCounts shaped;
      const json::value* usage =
          field == Field::kProviderResponse ? Member(*map, {"usage"}) : nullptr;
      ReadProviderShape(usage != nullptr ? *usage : *map, shaped);
      Merge(shaped, counts);
    }
  }
  bool is_disjoint = false;
  if (const auto map = slots.has(Field::kLangfuseUsage) ? StructureOf(slots, Field::kLangfuseUsage)
                                                        : std::nullopt) {
    const LangfuseBuckets buckets = ReadLangfuse(*map);
    is_disjoint = buckets.is_disjoint && !IsKnown(counts.input) && !IsKnown(counts.output);
    if (!IsKnown(counts.input) && Member(*map, {"input", "output"}) != nullptr) {
      rule.input = InputCounting::kInclusive;  // The sums are made already.
    }
    Merge(buckets.counts, counts);
  }
  Usage usage = ToUsage(counts, rule, provider);
  if (is_disjoint && usage.rule == UsageRule::kInclusive) {
    usage.rule = UsageRule::kExclusive;
    // Langfuse's total is the sum of the buckets, if it is given at all.
    usage.total = std::max(usage.total, OrZero(usage.input_total) + OrZero(usage.output_total));
  }
  return usage;
}

}  // namespace sightline::normalize
