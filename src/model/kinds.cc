// SPDX-License-Identifier: Apache-2.0
#include "model/kinds.h"

#include <array>
#include <cstddef>

#include "model/enum_range.h"
#include "model/metric_point.h"
#include "model/money.h"

namespace sightline::model {
namespace {

constexpr std::array<std::string_view, 13> kKindNames = {
    "other",     "agent",    "workflow",  "task",      "llm",  "tool", "retriever",
    "embedding", "reranker", "guardrail", "evaluator", "http", "db"};

constexpr std::array<std::string_view, 33> kDialectNames = {"",
                                                            "gen_ai",
                                                            "gen_ai_deprecated",
                                                            "openinference",
                                                            "traceloop",
                                                            "vercel_ai",
                                                            "vercel_ai_7",
                                                            "pydantic_ai",
                                                            "langfuse",
                                                            "langsmith",
                                                            "mlflow",
                                                            "openlit",
                                                            "google_adk",
                                                            "strands",
                                                            "agent_framework",
                                                            "autogen",
                                                            "claude_code",
                                                            "codex",
                                                            "gemini_cli",
                                                            "lifecycle",
                                                            "mastra",
                                                            "litellm",
                                                            "semantic_kernel",
                                                            "azure_ai",
                                                            "sentry",
                                                            "spring_ai",
                                                            "livekit",
                                                            "laminar",
                                                            "langwatch",
                                                            "beeai",
                                                            "koog",
                                                            "agno",
                                                            "crewai"};

static_assert(kKindNames.size() == static_cast<std::size_t>(LastOf(SpanKind())) + 1);
static_assert(kDialectNames.size() == static_cast<std::size_t>(LastOf(Dialect())) + 1);

// "" for what is none of the enum.
template <std::size_t kSize, typename Enum>
std::string_view NameIn(const std::array<std::string_view, kSize>& names, Enum value) {
  const auto place = static_cast<std::size_t>(value);
  return place < kSize ? names[place] : std::string_view();
}

}  // namespace

std::string_view SpanKindName(SpanKind kind) {
  return NameIn(kKindNames, kind);
}

std::optional<SpanKind> ParseSpanKind(std::string_view name) {
  for (std::size_t i = 0; i < kKindNames.size(); ++i) {
    if (kKindNames[i] == name) {
      return static_cast<SpanKind>(i);
    }
  }
  return std::nullopt;
}

bool IsStep(SpanKind kind) {
  return kind != SpanKind::kOther && kind != SpanKind::kHttp && kind != SpanKind::kDb;
}

bool IsModelCall(SpanKind kind) {
  return kind == SpanKind::kLlm || kind == SpanKind::kEmbedding || kind == SpanKind::kReranker;
}

std::string_view DialectName(Dialect dialect) {
  return NameIn(kDialectNames, dialect);
}

std::string_view StatusCodeName(StatusCode status) {
  switch (status) {
    case StatusCode::kUnset:
      return "unset";
    case StatusCode::kOk:
      return "ok";
    case StatusCode::kError:
      return "error";
  }
  return "unset";
}

std::string_view UsageRuleName(UsageRule rule) {
  switch (rule) {
    case UsageRule::kNone:
      return "";
    case UsageRule::kInclusive:
      return "inclusive";
    case UsageRule::kExclusive:
      return "exclusive";
    case UsageRule::kExclusiveByCounts:
      return "exclusive_by_counts";
    case UsageRule::kThoughtsAdded:
      return "thoughts_added";
  }
  return "";
}

std::string_view CostStatusName(CostStatus status) {
  switch (status) {
    case CostStatus::kNone:
      return "";
    case CostStatus::kPriced:
      return "priced";
    case CostStatus::kReported:
      return "reported";
    case CostStatus::kPartial:
      return "partial";
    case CostStatus::kUnpriced:
      return "unpriced";
  }
  return "";
}

std::string_view MetricTypeName(MetricType type) {
  switch (type) {
    case MetricType::kGauge:
      return "gauge";
    case MetricType::kSum:
      return "sum";
    case MetricType::kHistogram:
      return "histogram";
    case MetricType::kExponentialHistogram:
      return "exponential_histogram";
    case MetricType::kSummary:
      return "summary";
  }
  return "";
}

}  // namespace sightline::model
