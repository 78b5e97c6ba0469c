// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace sightline::normalize {

// What a wire key may fill. A key fills several fields if several rules name it; of several keys
// for one field the best rank wins. Fields after kLastNumber hold texts, lists or JSON.
enum class Field : std::uint8_t {
  kKnown,  // Understood, but only read from the original attributes, never promoted.

  // Presence is enough.
  kMessages,
  kLangfuseCall,  // Any Langfuse key that only a generation has.
  kAnnotations,   // OpenInference: judgements of the span, its trace or its session.
  kEvaluation,    // A judgement as attributes of a span.
  kMessaging,

  // Numbers, also as decimal text.
  kInputTokens,
  kOutputTokens,
  kCacheReadTokens,
  kCacheWriteTokens,
  kReasoningTokens,
  kAudioInputTokens,
  kAudioOutputTokens,
  kTotalTokens,
  kUncachedInputTokens,
  kToolPromptTokens,  // Gemini: of its own tools, outside the input.
  kCachedAudioTokens,
  kCacheWriteHourTokens,  // Anthropic: of the cache's writes those that are kept for an hour.
  kImageInputTokens,
  kCachedImageTokens,
  kVideoInputTokens,
  kImageOutputTokens,
  kVideoOutputTokens,
  kWebSearches,
  kCost,
  kCostInput,
  kCostOutput,
  kTimeToFirstToken,
  kDuration,
  kHttpStatus,
  kProcessId,
  kEventSequence,
  kLastNumber = kEventSequence,

  // Booleans, also as text.
  kStreaming,
  kSuccess,
  kAppRoot,
  kDemo,
  kToolFailed,  // Said by the tool's result, not by its transport.
  kLastBool = kToolFailed,

  // JSON text or OTLP values with a structure of their own.
  kLangfuseUsage,
  kMlflowUsage,
  kLangSmithUsage,
  kInputDetails,  // What the input count consists of; also as Python's str(dict).
  kOutputDetails,
  kResponseBody,  // A provider's raw response, with its usage.
  kVercelMetadata,
  kMetadata,
  kLangfuseCost,
  kMlflowCost,
  kFinishReasons,
  kTags,
  kOutputMessages,
  kToolArguments,
  kToolResult,
  kLinkedPrompts,      // MLflow: names and versions of registered prompts.
  kTraceTag,           // Collected, not ranked.
  kIndexedCompletion,  // Collected, not ranked.
  kLastStructure = kIndexedCompletion,

  // Texts that decide the kind.
  kLifecycleKind,
  kEmitterKind,  // Read by the kinds table of the dialect whose row it is.
  kLangfuseType,
  kOpenInferenceKind,
  kLangSmithKind,
  kMlflowType,
  kTraceloopKind,
  kOperationName,
  kClaudeSpanType,
  kVercelOperation,
  kRequestType,
  kMcpMethod,
  kDbSystem,
  kHttpMethod,

  // Texts.
  kProvider,
  kFramework,
  kRequestModel,
  kResponseModel,
  kResponseId,
  kServiceTier,
  kRegion,
  kOperation,
  kToolName,
  kToolCallId,
  kToolType,
  kToolStatus,
  kEntityName,
  kGraphNode,
  kAgentName,
  kAgentId,
  kRunId,
  kWorkflowName,
  kWorkflowId,
  kSessionId,
  kUserId,
  kEnvironment,
  kRelease,
  kPromptName,
  kPromptVersion,
  kDisplayName,
  kErrorType,
  kErrorMessage,
  kLevel,
  kStatusText,
  kRpcStatus,
  kLogfireSpanType,
  kPendingParent,
  kLogfireName,  // `name` of the spans that mirror those of OpenAI's Agents SDK.
  kTelemetrySdk,
  kService,
  kServiceInstance,
  kHost,
  kEventName,
  kEventKind,
  kCallKey,  // Ids that only some emitters' logs have; names the call a log event stands for.

  kCount
};

// How documents and answers call a field: "request_model", "usage.input" ...
std::string_view FieldName(Field field);

inline constexpr std::size_t kFieldCount = static_cast<std::size_t>(Field::kCount);

constexpr std::size_t Index(Field field) {
  return static_cast<std::size_t>(field);
}

// How the value of a key is written, where that differs from the field's own unit.
enum class Form : std::uint8_t {
  kPlain,          // Texts as they are; dollars; seconds.
  kQuoted,         // The text is a JSON string, quotes included.
  kMilliseconds,   // Times.
  kServerSeconds,  // Time to first token of a server: seconds, but milliseconds from Strands.
  kIsoTime,        // A point in time; may be JSON-quoted more than once.
  kMicrodollars,
  kZeroIsAbsent,   // Costs: 0 is written where the price is not known.
  kCommaList,      // Lists: one text, joined by ", ".
  kEmptyIsAbsent,  // Objects: "{}" is written instead of what must not be recorded.
  kIndexed,        // Prefixes: only if a number follows.
};

// On whose spans a rule holds.
enum class Reach : std::uint8_t {
  kEveryone,    // The key names its convention: it means the same whoever writes it.
  kOwnDialect,  // A bare word such as "model" or "events": only if the dialect of the row's file is
                // proved for the span by something else.
};

// One row of a dialect's key table: `key` fills `field`. Rank 0 is best. Ranks of one field are one
// order over all dialect files; docs/keys.md prints it. A key that ends in '.' stands for every key
// with that prefix.
struct KeyRule {
  std::string_view key;
  Field field = Field::kKnown;
  std::uint8_t rank = 0;
  Form form = Form::kPlain;
  Reach reach = Reach::kEveryone;
};

// A row that holds on spans of its own dialect only.
constexpr KeyRule Own(std::string_view key, Field field = Field::kKnown, std::uint8_t rank = 0,
                      Form form = Form::kPlain) {
  return {.key = key, .field = field, .rank = rank, .form = form, .reach = Reach::kOwnDialect};
}

}  // namespace sightline::normalize
