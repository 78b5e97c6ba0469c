// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <string_view>

#include "normalize/dialect.h"

namespace sightline::normalize {
namespace {

constexpr auto kKeys = std::to_array<KeyRule>({
    {"mlflow.spanType", Field::kMlflowType, 0, Form::kQuoted},
    {"mlflow.llm.provider", Field::kProvider, 5, Form::kQuoted},
    {"mlflow.llm.model", Field::kRequestModel, 7, Form::kQuoted},
    {"mlflow.chat.tokenUsage", Field::kMlflowUsage, 0},
    {"mlflow.llm.cost", Field::kMlflowCost, 0},
    {"mlflow.spanInputs", Field::kMessages, 0},
    {"mlflow.spanOutputs", Field::kMessages, 0},
    {"mlflow.traceTag.", Field::kTraceTag, 0},
    {"mlflow.linkedPrompts", Field::kLinkedPrompts, 0},
    {"mlflow.", Field::kKnown},
});

constexpr auto kProofs = std::to_array<std::string_view>({"mlflow."});

// MLflow's span types, also those that newer versions add.
constexpr auto kKinds = std::to_array<NamedKind>({
    {"LLM", model::SpanKind::kLlm},
    {"CHAT_MODEL", model::SpanKind::kLlm},
    {"AGENT", model::SpanKind::kAgent},
    {"CHAIN", model::SpanKind::kTask},
    {"PARSER", model::SpanKind::kTask},
    {"MEMORY", model::SpanKind::kTask},
    {"TASK", model::SpanKind::kTask},
    {"WORKFLOW", model::SpanKind::kWorkflow},
    {"TOOL", model::SpanKind::kTool},
    {"RETRIEVER", model::SpanKind::kRetriever},
    {"EMBEDDING", model::SpanKind::kEmbedding},
    {"RERANKER", model::SpanKind::kReranker},
    {"GUARDRAIL", model::SpanKind::kGuardrail},
    {"EVALUATOR", model::SpanKind::kEvaluator},
});

}  // namespace

const DialectSpec& MlflowSpec() {
  static constexpr DialectSpec kSpec = {
      .dialect = model::Dialect::kMlflow, .keys = kKeys, .proofs = kProofs, .kinds = kKinds};
  return kSpec;
}

}  // namespace sightline::normalize
