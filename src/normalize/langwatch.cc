// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <string_view>

#include "normalize/dialect.h"

namespace sightline::normalize {
namespace {

constexpr auto kKeys = std::to_array<KeyRule>({
    {"langwatch.span.type", Field::kEmitterKind, 4},
    {"langwatch.input", Field::kToolArguments, 17},
    {"langwatch.input", Field::kMessages, 0},
    {"langwatch.output", Field::kMessages, 0},
    {"langwatch.metrics", Field::kMlflowUsage, 1},
    {"langwatch.thread.id", Field::kSessionId, 18},
    {"langwatch.session.id", Field::kSessionId, 19},
    {"langwatch.user.id", Field::kUserId, 16},
    {"langwatch.customer.id", Field::kUserId, 17},
    {"langwatch.labels", Field::kTags, 6},
    {"langwatch.gen_ai.streaming", Field::kStreaming, 6},
    {"langwatch.environment", Field::kEnvironment, 4},
    {"langwatch.", Field::kKnown},
});

constexpr auto kProofs = std::to_array<std::string_view>({
    "langwatch.",
});

constexpr auto kScopes = std::to_array<std::string_view>({
    "langwatch",
    "langwatch.*",
});

// Values of langwatch.span.type; "span", "unknown" and the span kinds of OTLP are no opinion.
constexpr auto kKinds = std::to_array<NamedKind>({
    {"llm", model::SpanKind::kLlm},
    {"chain", model::SpanKind::kTask},
    {"tool", model::SpanKind::kTool},
    {"agent", model::SpanKind::kAgent},
    {"guardrail", model::SpanKind::kGuardrail},
    {"evaluation", model::SpanKind::kEvaluator},
    {"rag", model::SpanKind::kRetriever},
    {"workflow", model::SpanKind::kWorkflow},
    {"component", model::SpanKind::kTask},
    {"module", model::SpanKind::kTask},
    {"task", model::SpanKind::kTask},
    {"prompt", model::SpanKind::kTask},
});

}  // namespace

const DialectSpec& LangWatchSpec() {
  static constexpr DialectSpec kSpec = {.dialect = model::Dialect::kLangWatch,
                                        .keys = kKeys,
                                        .proofs = kProofs,
                                        .scopes = kScopes,
                                        .kinds = kKinds,
                                        .framework = "langwatch"};
  return kSpec;
}

}  // namespace sightline::normalize
