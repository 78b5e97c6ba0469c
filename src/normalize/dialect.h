// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "model/kinds.h"
#include "normalize/field.h"

namespace sightline::normalize {

// A value on the wire and the kind it stands for.
struct NamedKind {
  std::string_view name;  // As a pattern of MatchesName.
  model::SpanKind kind = model::SpanKind::kOther;
};

// Whether the input count of an emitter includes the tokens read from and written to its cache.
enum class InputCounting : std::uint8_t {
  kUnknown,               // Decided by the counts if the provider is one that excludes them.
  kInclusive,             // Included.
  kExclusive,             // Not included.
  kExclusiveOnAnthropic,  // Raw Anthropic usage is passed on.
  kExclusiveOnBedrock,    // Raw Bedrock usage is passed on.
};

// Everything the engine knows about one emitter. The lists live in static storage.
//
// Thread: value.
struct DialectSpec {
  model::Dialect dialect = model::Dialect::kNone;
  std::span<const KeyRule> keys;
  std::span<const std::string_view> proofs;    // Keys or prefixes ('.' at the end) that prove it.
  std::span<const std::string_view> scopes;    // Scope names that prove it, as patterns.
  std::span<const std::string_view> services;  // Values of service.name that prove it.
  std::span<const NamedKind> span_names;       // Kinds by span name.
  std::span<const NamedKind> kinds;            // Kinds by the dialect's own kind attribute.
  std::string_view framework;                  // What to call the framework, "" if it is none.
  InputCounting input = InputCounting::kUnknown;
  std::string_view span_name_proof;    // Prefix of span and event names that proves it.
  std::string_view failure_span_name;  // Spans of this name report a failed step.
};

// Whether `name` is `pattern`, or begins (or ends) with the rest of a pattern that ends (or begins)
// with '*'.
bool MatchesName(std::string_view pattern, std::string_view name);

// One function per file <dialect>.cc.
const DialectSpec& OpenTelemetrySpec();  // Common keys of OpenTelemetry; proves nothing.
const DialectSpec& McpSpec();            // Model Context Protocol; proves nothing.
const DialectSpec& GenAiSpec();
const DialectSpec& GenAiDeprecatedSpec();
const DialectSpec& OpenInferenceSpec();
const DialectSpec& TraceloopSpec();
const DialectSpec& VercelAiSpec();
const DialectSpec& VercelAi7Spec();
const DialectSpec& PydanticAiSpec();
const DialectSpec& LangfuseSpec();
const DialectSpec& LangSmithSpec();
const DialectSpec& MlflowSpec();
const DialectSpec& OpenLitSpec();
const DialectSpec& GoogleAdkSpec();
const DialectSpec& StrandsSpec();
const DialectSpec& AgentFrameworkSpec();
const DialectSpec& AutoGenSpec();
const DialectSpec& ClaudeCodeSpec();
const DialectSpec& CodexSpec();
const DialectSpec& GeminiCliSpec();
const DialectSpec& MastraSpec();
const DialectSpec& LiteLlmSpec();
const DialectSpec& SemanticKernelSpec();
const DialectSpec& AzureAiSpec();
const DialectSpec& SentrySpec();
const DialectSpec& SpringAiSpec();
const DialectSpec& LiveKitSpec();
const DialectSpec& LaminarSpec();
const DialectSpec& LangWatchSpec();
const DialectSpec& BeeAiSpec();
const DialectSpec& KoogSpec();
const DialectSpec& AgnoSpec();
const DialectSpec& CrewAiSpec();
const DialectSpec& LifecycleSpec();  // POST /api/v1/events.

// All of the above, the most telling first: if a span carries marks of several emitters, the first
// one in this order is its dialect.
std::span<const DialectSpec* const> AllDialects();

// Null for dialects without a file.
const DialectSpec* FindDialect(model::Dialect dialect);

}  // namespace sightline::normalize
