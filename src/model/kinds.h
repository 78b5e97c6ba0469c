// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace sightline::model {

// What a span stands for. Values are stored on disk: append only.
enum class SpanKind : std::uint8_t {
  kOther = 0,
  kAgent = 1,
  kWorkflow = 2,
  kTask = 3,
  kLlm = 4,
  kTool = 5,
  kRetriever = 6,
  kEmbedding = 7,
  kReranker = 8,
  kGuardrail = 9,
  kEvaluator = 10,
  kHttp = 11,
  kDb = 12,
};

// "other", "agent", "workflow" ...
std::string_view SpanKindName(SpanKind kind);
std::optional<SpanKind> ParseSpanKind(std::string_view name);

// True for the kinds that are steps of an execution (all but other, http and db).
bool IsStep(SpanKind kind);

// True for the kinds whose usage is counted: llm, embedding and reranker.
bool IsModelCall(SpanKind kind);

// Which convention the span was read as; picks units and quirks. Stored on disk: append only.
enum class Dialect : std::uint8_t {
  kNone = 0,             // Plain OpenTelemetry.
  kGenAi = 1,            // Current OTel GenAI.
  kGenAiDeprecated = 2,  // OTel GenAI before 1.37.
  kOpenInference = 3,
  kTraceloop = 4,
  kVercelAi = 5,  // AI SDK up to 6, or the legacy integration of 7.
  kVercelAi7 = 6,
  kPydanticAi = 7,  // And Logfire.
  kLangfuse = 8,
  kLangSmith = 9,
  kMlflow = 10,
  kOpenLit = 11,
  kGoogleAdk = 12,
  kStrands = 13,
  kAgentFramework = 14,  // Microsoft Agent Framework.
  kAutoGen = 15,
  kClaudeCode = 16,
  kCodex = 17,
  kGeminiCli = 18,
  kLifecycle = 19,  // POST /api/v1/events.
  kMastra = 20,
  kLiteLlm = 21,
  kSemanticKernel = 22,
  kAzureAi = 23,  // azure-ai-inference, -agents and -projects.
  kSentry = 24,
  kSpringAi = 25,
  kLiveKit = 26,
  kLaminar = 27,
  kLangWatch = 28,
  kBeeAi = 29,
  kKoog = 30,
  kAgno = 31,
  kCrewAi = 32,  // CrewAI's own telemetry.
};

// "", "gen_ai", "gen_ai_deprecated", "openinference" ...
std::string_view DialectName(Dialect dialect);

// Status.code of OTLP.
enum class StatusCode : std::uint8_t { kUnset = 0, kOk = 1, kError = 2 };

// "unset", "ok", "error".
std::string_view StatusCodeName(StatusCode status);

// Which rule turned wire token counts into Usage (docs/conventions.md, Tokens).
enum class UsageRule : std::uint8_t {
  kNone = 0,
  kInclusive = 1,          // The emitter's input count includes cached tokens.
  kExclusive = 2,          // It does not: cache counts were added.
  kExclusiveByCounts = 3,  // Inferred: cache counts exceed input, or the total says so.
  kThoughtsAdded = 4,      // Gemini: thought tokens were added to output.
};

std::string_view UsageRuleName(UsageRule rule);

}  // namespace sightline::model
