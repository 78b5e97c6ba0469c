// SPDX-License-Identifier: Apache-2.0
#include "normalize/figure_keys.h"

#include <algorithm>
#include <array>
#include <cstdint>

#include "normalize/key_words.h"

namespace sightline::normalize {
namespace {

// What rules found by words are called where rules are shown.
constexpr std::string_view kName = "(by its words)";
constexpr std::uint8_t kRank = 60;

struct CountRule {
  Counted counted;
  TableRule rule;
};

constexpr auto kCountRules = std::to_array<CountRule>({
    {Counted::kInput, {{kName, Field::kInputTokens, kRank}}},
    {Counted::kUncachedInput, {{kName, Field::kUncachedInputTokens, kRank}}},
    {Counted::kToolPrompt, {{kName, Field::kToolPromptTokens, kRank}}},
    {Counted::kCacheRead, {{kName, Field::kCacheReadTokens, kRank}}},
    {Counted::kCacheWrite, {{kName, Field::kCacheWriteTokens, kRank}}},
    {Counted::kAudioInput, {{kName, Field::kAudioInputTokens, kRank}}},
    {Counted::kOutput, {{kName, Field::kOutputTokens, kRank}}},
    {Counted::kReasoning, {{kName, Field::kReasoningTokens, kRank}}},
    {Counted::kAudioOutput, {{kName, Field::kAudioOutputTokens, kRank}}},
    {Counted::kTotal, {{kName, Field::kTotalTokens, kRank}}},
    {Counted::kCachedAudio, {{kName, Field::kCachedAudioTokens, kRank}}},
    {Counted::kCacheWriteHour, {{kName, Field::kCacheWriteHourTokens, kRank}}},
    {Counted::kImageInput, {{kName, Field::kImageInputTokens, kRank}}},
    {Counted::kCachedImage, {{kName, Field::kCachedImageTokens, kRank}}},
    {Counted::kVideoInput, {{kName, Field::kVideoInputTokens, kRank}}},
    {Counted::kImageOutput, {{kName, Field::kImageOutputTokens, kRank}}},
    {Counted::kVideoOutput, {{kName, Field::kVideoOutputTokens, kRank}}},
    {Counted::kWebSearches, {{kName, Field::kWebSearches, kRank}}},
});

// Objects that hold counts: of one side, of both.
constexpr TableRule kInputDetailsRule = {{kName, Field::kInputDetails, kRank}};
constexpr TableRule kOutputDetailsRule = {{kName, Field::kOutputDetails, kRank}};
constexpr TableRule kUsageObjectRule = {{kName, Field::kMlflowUsage, kRank}};

constexpr TableRule kCostRule = {{kName, Field::kCost, kRank, Form::kZeroIsAbsent}};
constexpr TableRule kCostInputRule = {{kName, Field::kCostInput, kRank, Form::kZeroIsAbsent}};
constexpr TableRule kCostOutputRule = {{kName, Field::kCostOutput, kRank, Form::kZeroIsAbsent}};
constexpr TableRule kToolFailedRule = {{kName, Field::kToolFailed, kRank}};
constexpr TableRule kToolSucceededRule = {{kName, Field::kSuccess, kRank}};
constexpr TableRule kToolStatusRule = {{kName, Field::kToolStatus, kRank}};
constexpr TableRule kToolErrorRule = {{kName, Field::kErrorMessage, kRank}};
constexpr TableRule kToolResultRule = {{kName, Field::kToolResult, kRank}};

// What the last segment of a key about tools fills.
struct ToolWord {
  std::string_view last;
  const TableRule* rule;
};

constexpr auto kUsageSegments = std::to_array<std::string_view>(
    {"usage", "token_usage", "tokenUsage", "token_count", "token_counts", "usage_details",
     "usage_metadata", "usageMetadata"});

// Namespaces of model calls: below them a count needs no further proof of being one of tokens.
bool IsOfModelCalls(std::string_view key) {
  return key.starts_with("gen_ai.") || key.starts_with("llm.") || key.starts_with("ai.");
}

bool Contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

// What was asked for or configured is not what this call used, nor are sums over several calls.
bool IsSetting(std::string_view key) {
  return Contains(key, "request.") || Contains(key, "settings.") || Contains(key, "parameters.") ||
         Contains(key, "metadata.") || Contains(key, "aggregated") || Contains(key, "cumulative") ||
         Contains(key, "accumulated");
}

// The part of a key that names a count: what follows a segment such as "usage", else the last
// segment; "" if the key cannot be one.
std::string_view CountName(std::string_view key) {
  const bool is_of_calls = IsOfModelCalls(key);
  std::size_t begin = 0;
  for (std::size_t dot = key.find('.'); dot != std::string_view::npos; dot = key.find('.', begin)) {
    const std::string_view segment = key.substr(begin, dot - begin);
    begin = dot + 1;
    const std::string_view rest = key.substr(begin);
    const bool is_usage = std::ranges::find(kUsageSegments, segment) != kUsageSegments.end();
    if ((is_usage && (is_of_calls || Contains(rest, "oken"))) ||
        (is_of_calls && segment == "tokens")) {
      return rest;
    }
  }
  const std::string_view last = key.substr(begin);
  return is_of_calls && !IsSetting(key) && Contains(last, "oken") ? last : std::string_view();
}

// "gen_ai.usage". Deeper keys, such as LiteLLM's "llm.openai.usage", are a provider's raw ones and
// repeat what the span of the call has.
bool EndsInUsage(std::string_view key) {
  return IsOfModelCalls(key) && key.find('.') == key.rfind('.') &&
         std::ranges::find(kUsageSegments, key.substr(key.rfind('.') + 1)) != kUsageSegments.end();
}

// "input_token_details", "promptTokensDetails": what one side consists of.
const TableRule* FindDetailsRule(std::string_view name) {
  const KeyWords words(name);
  const bool is_input = words.HasAny({"input", "prompt"});
  const bool is_output = words.HasAny({"output", "completion", "candidates"});
  if (is_input == is_output) {
    return nullptr;
  }
  return is_input ? &kInputDetailsRule : &kOutputDetailsRule;
}

const TableRule* FindCountRule(std::string_view key) {
  if (EndsInUsage(key)) {
    return &kUsageObjectRule;
  }
  const std::string_view name = CountName(key);
  if (name.empty()) {
    return nullptr;
  }
  if (name.ends_with("etails") || name.ends_with("etail")) {
    return FindDetailsRule(name);
  }
  const Counted counted = WhatIsCounted(name);
  const auto* found = std::ranges::find(kCountRules, counted, &CountRule::counted);
  return found == kCountRules.end() ? nullptr : &found->rule;
}

// Both "gen_ai.usage.input_cost" and "gen_ai.cost.input_tokens" are in use: the last segment that
// says "cost" and what follows it. Precondition: the key names a cost.
std::string_view CostName(std::string_view key) {
  const std::size_t dot = key.rfind('.', key.rfind("ost"));
  return dot == std::string_view::npos ? key : key.substr(dot + 1);
}

const TableRule* FindCostRule(std::string_view key) {
  const bool is_of_calls = IsOfModelCalls(key) || Contains(key, "usage.") ||
                           key.starts_with("litellm.") || key.starts_with("langwatch.") ||
                           key.starts_with("lmnr.") || key.starts_with("mastra.");
  const bool names_cost = Contains(key, "cost") || Contains(key, "Cost");
  if (!is_of_calls || !names_cost || IsSetting(key)) {
    return nullptr;
  }
  switch (WhichCost(CostName(key))) {
    case CostPart::kTotal:
      return &kCostRule;
    case CostPart::kInput:
      return &kCostInputRule;
    case CostPart::kOutput:
      return &kCostOutputRule;
    case CostPart::kNone:
      break;
  }
  return nullptr;
}

// A tool's own word: "tool.is_error", "gen_ai.tool.call.isError", "agent.tool.status",
// "tool.success", and its result, which may say so: "mcp.tool.result", "tool_call.output".
const TableRule* FindToolRule(std::string_view key) {
  const bool names_tool = Contains(key, "tool") || Contains(key, "mcp");
  if (!names_tool || IsSetting(key)) {
    return nullptr;
  }
  if (key.ends_with("is_error") || key.ends_with("isError")) {
    return &kToolFailedRule;
  }
  constexpr auto kLast = std::to_array<ToolWord>({
      {"status", &kToolStatusRule},
      {"tool_status", &kToolStatusRule},
      {"success", &kToolSucceededRule},
      {"tool_success", &kToolSucceededRule},
      {"succeeded", &kToolSucceededRule},
      {"error", &kToolErrorRule},
      {"tool_error", &kToolErrorRule},
      {"error_message", &kToolErrorRule},
      {"result", &kToolResultRule},
      {"tool_result", &kToolResultRule},
      {"output", &kToolResultRule},
      {"tool_output", &kToolResultRule},
      {"response", &kToolResultRule},
      {"tool_response", &kToolResultRule},
  });
  const std::string_view last = key.substr(key.rfind('.') + 1);
  const auto* found = std::ranges::find(kLast, last, &ToolWord::last);
  return found == kLast.end() ? nullptr : found->rule;
}

}  // namespace

const TableRule* FigureRule(std::string_view key) {
  if (const TableRule* rule = FindCostRule(key)) {
    return rule;
  }
  if (const TableRule* rule = FindCountRule(key)) {
    return rule;
  }
  return FindToolRule(key);
}

}  // namespace sightline::normalize
