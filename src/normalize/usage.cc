// SPDX-License-Identifier: Apache-2.0
#include "normalize/usage.h"

#include <algorithm>
#include <array>
#include <optional>

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

// Whether the counts themselves say that the cached tokens are not inside the input.
bool CacheIsOutside(const WireCounts& counts) {
  const std::int64_t cached = OrZero(counts.cache_read) + OrZero(counts.cache_write);
  if (cached == 0) {
    return false;
  }
  if (cached > counts.input || counts.uncached == counts.input) {
    return true;
  }
  const std::int64_t sum = counts.input + OrZero(counts.output) + cached;
  return counts.total == sum ||
         (OrZero(counts.reasoning) > 0 && counts.total == sum + counts.reasoning);
}

UsageRule RuleFor(const WireCounts& counts, InputCounting input, std::string_view provider) {
  if (input == InputCounting::kExclusive ||
      (input == InputCounting::kExclusiveOnAnthropic && provider == "anthropic") ||
      (input == InputCounting::kExclusiveOnBedrock && provider == "aws.bedrock")) {
    return UsageRule::kExclusive;
  }
  return CacheIsOutside(counts) ? UsageRule::kExclusiveByCounts : UsageRule::kInclusive;
}

// Whether the thoughts are to be added to the output. `input_total` is the corrected input.
bool ThoughtsAreOutside(const WireCounts& counts, std::int64_t input_total,
                        const CountingRule& rule) {
  if (OrZero(counts.reasoning) == 0) {
    return false;
  }
  if (IsKnown(counts.output) && counts.reasoning > counts.output) {
    return true;
  }
  if (IsKnown(counts.total) && IsKnown(counts.input)) {
    const std::int64_t output = OrZero(counts.output);
    const auto total_is = [&](std::int64_t added) {
      return counts.total == counts.input + output + added ||
             counts.total == input_total + output + added;
    };
    if (total_is(0)) {
      return false;
    }
    if (total_is(counts.reasoning) || total_is(counts.reasoning + OrZero(counts.tool_prompt))) {
      return true;
    }
  }
  return rule.thoughts_outside_output;
}

// Gemini's total may hold more than an emitter passes on: thoughts, or prompts of its own tools
// where the thoughts are known. Both are billed.
void AddWhatOnlyTheTotalHolds(const WireCounts& counts, Usage& usage) {
  if (!IsKnown(usage.input_total) || !IsKnown(usage.output_total) || !IsKnown(counts.total)) {
    return;
  }
  const std::int64_t missing = counts.total - usage.input_total - usage.output_total;
  if (missing <= 0) {
    return;
  }
  if (IsKnown(counts.reasoning) || missing == counts.tool_prompt) {
    usage.input_total += missing;
  } else {
    usage.output_total += missing;
    usage.rule = UsageRule::kThoughtsAdded;
  }
}

// Audio tokens are inside input and output, unless there are more of them.
void AddAudioOutside(Usage& usage) {
  if (IsKnown(usage.input_total) && usage.audio_in > usage.input_total) {
    usage.input_total += usage.audio_in;
  }
  if (IsKnown(usage.output_total) && usage.audio_out > usage.output_total) {
    usage.output_total += usage.audio_out;
  }
}

bool Mentions(std::string_view text, std::string_view lower_word) {
  const auto same = [](char a, char b) {
    return (a >= 'A' && a <= 'Z' ? static_cast<char>(a - 'A' + 'a') : a) == b;
  };
  return std::search(text.begin(), text.end(), lower_word.begin(), lower_word.end(), same) !=
         text.end();
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
  Read(slots, Field::kUncachedInputTokens, counts.uncached);
  Read(slots, Field::kToolPromptTokens, counts.tool_prompt);
  Read(slots, Field::kCachedAudioTokens, counts.details.cached_audio);
  Read(slots, Field::kCacheWriteHourTokens, counts.details.cache_write_hour);
  Read(slots, Field::kImageInputTokens, counts.details.image_in);
  Read(slots, Field::kCachedImageTokens, counts.details.cached_image);
  Read(slots, Field::kVideoInputTokens, counts.details.video_in);
  Read(slots, Field::kImageOutputTokens, counts.details.image_out);
  Read(slots, Field::kVideoOutputTokens, counts.details.video_out);
  Read(slots, Field::kWebSearches, counts.details.web_searches);
  return counts;
}

// Details that the Vercel AI SDK only passes on in the provider's own shape, below the provider's
// name.
void ReadVercelMetadata(const Slots& slots, WireCounts& counts) {
  const auto metadata = ReadUsageStructure(slots.value(Field::kVercelMetadata));
  if (!metadata || !metadata->is_object()) {
    return;
  }
  for (const auto& provider : metadata->get_object()) {
    const WireCounts raw = ReadCounts(provider.value());
    FillIfUnknown(counts.cache_read, raw.cache_read);
    FillIfUnknown(counts.cache_write, raw.cache_write);
    FillIfUnknown(counts.reasoning, raw.reasoning);
    for (const model::UsageDetail& detail : model::kUsageDetails) {
      FillIfUnknown(counts.details.*detail.count, raw.details.*detail.count);
    }
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

// What usage_details state about a call beats other keys of the span: they are set on purpose,
// often to correct these. Of the others remains what does not contradict.
void PutLangfuseFirst(const WireCounts& stated, WireCounts& counts) {
  const auto differs = [](std::int64_t a, std::int64_t b) {
    return IsKnown(a) && IsKnown(b) && a != b;
  };
  const bool other_input = differs(stated.input, counts.input);
  const bool other_output = differs(stated.output, counts.output);
  WireCounts rest = counts;
  if (other_input) {
    rest.cache_read = rest.cache_write = rest.audio_in = Usage::kUnknown;
    rest.uncached = rest.tool_prompt = Usage::kUnknown;
    rest.details = {.web_searches = rest.details.web_searches};
  }
  if (other_output) {
    rest.reasoning = rest.audio_out = Usage::kUnknown;
    rest.details.image_out = rest.details.video_out = Usage::kUnknown;
  }
  if (other_input || other_output) {
    rest.total = Usage::kUnknown;
  }
  counts = stated;
  Merge(rest, counts);
}

// Whole usage objects and details of one side, for what no flat key states.
void ReadObjects(const Slots& slots, WireCounts& counts) {
  struct Source {
    Field field;
    std::string_view path;
  };

  constexpr auto kSources =
      std::to_array<Source>({{Field::kMlflowUsage, ""},
                             {Field::kLangSmithUsage, ""},
                             {Field::kInputDetails, "input_token_details"},
                             {Field::kOutputDetails, "output_token_details"}});
  for (const Source& source : kSources) {
    if (!slots.has(source.field)) {
      continue;
    }
    if (const auto object = ReadUsageStructure(slots.value(source.field))) {
      Merge(ReadCounts(*object, source.path), counts);
    }
  }
  if (slots.has(Field::kResponseBody)) {
    const auto body = ReadUsageStructure(slots.value(Field::kResponseBody));
    const json::value* usage = body ? Member(*body, {"usage", "usageMetadata"}) : nullptr;
    if (usage != nullptr) {
      Merge(ReadCounts(*usage), counts);
    }
  }
}

}  // namespace

Usage ToUsage(const WireCounts& wire, const CountingRule& rule, std::string_view provider) {
  WireCounts counts = wire;
  if (!IsKnown(counts.input) && IsKnown(counts.uncached) && IsKnown(counts.output)) {
    counts.input = counts.uncached + OrZero(counts.cache_read) + OrZero(counts.cache_write);
  }
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
  if (ThoughtsAreOutside(counts, usage.input_total, rule)) {
    usage.output_total = OrZero(counts.output) + counts.reasoning;
    usage.rule = UsageRule::kThoughtsAdded;
  }
  if (rule.is_gemini) {
    AddWhatOnlyTheTotalHolds(counts, usage);
  }
  AddAudioOutside(usage);
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

StatedUsage ReadUsage(const Slots& slots, const DialectSpec* spec, std::string_view provider,
                      std::string_view model) {
  WireCounts counts = ReadFlat(slots);
  CountingRule rule = RuleOf(slots, spec);
  rule.is_gemini = Mentions(model, "gemini") || (model.empty() && provider.starts_with("gcp."));
  const bool has_flat = IsKnown(counts.input) || IsKnown(counts.output) || IsKnown(counts.total);
  if (slots.has(Field::kVercelMetadata) && has_flat) {
    ReadVercelMetadata(slots, counts);
  }
  ReadObjects(slots, counts);
  bool is_disjoint = false;
  if (const auto map = slots.has(Field::kLangfuseUsage)
                           ? ReadUsageStructure(slots.value(Field::kLangfuseUsage))
                           : std::nullopt) {
    const LangfuseCounts stated = ReadLangfuseCounts(*map);
    is_disjoint = stated.is_disjoint;
    if (stated.has_buckets) {
      rule.input = InputCounting::kInclusive;  // The sums are made already.
      rule.thoughts_outside_output = false;
    }
    PutLangfuseFirst(stated.counts, counts);
  }
  Usage usage = ToUsage(counts, rule, provider);
  if (is_disjoint && usage.rule == UsageRule::kInclusive) {
    usage.rule = UsageRule::kExclusive;
    // Langfuse's total is the sum of the buckets, if it is given at all.
    usage.total = std::max(usage.total, OrZero(usage.input_total) + OrZero(usage.output_total));
  }
  return {.usage = usage, .details = counts.details};
}

}  // namespace sightline::normalize
