// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <string_view>

#include "normalize/dialect.h"

namespace sightline::normalize {
namespace {

constexpr auto kKeys = std::to_array<KeyRule>({
    {"lmnr.span.type", Field::kEmitterKind, 3},
    {"lmnr.span.input", Field::kToolArguments, 16},
    {"lmnr.span.input", Field::kMessages, 0},
    {"lmnr.span.output", Field::kMessages, 0},
    {"lmnr.association.properties.session_id", Field::kSessionId, 17},
    {"lmnr.association.properties.user_id", Field::kUserId, 15},
    {"lmnr.association.properties.tags", Field::kTags, 5},
    {"lmnr.", Field::kKnown},
});

constexpr auto kProofs = std::to_array<std::string_view>({
    "lmnr.",
});

constexpr auto kScopes = std::to_array<std::string_view>({
    "lmnr",
    "lmnr.*",
});

// Values of lmnr.span.type; DEFAULT is no opinion.
constexpr auto kKinds = std::to_array<NamedKind>({
    {"LLM", model::SpanKind::kLlm},
    {"TOOL", model::SpanKind::kTool},
    {"EVALUATOR", model::SpanKind::kEvaluator},
    {"HUMAN_EVALUATOR", model::SpanKind::kEvaluator},
    {"EVALUATION", model::SpanKind::kWorkflow},
    {"EXECUTOR", model::SpanKind::kTask},
    {"PIPELINE", model::SpanKind::kWorkflow},
});

}  // namespace

const DialectSpec& LaminarSpec() {
  static constexpr DialectSpec kSpec = {.dialect = model::Dialect::kLaminar,
                                        .keys = kKeys,
                                        .proofs = kProofs,
                                        .scopes = kScopes,
                                        .kinds = kKinds,
                                        .framework = "laminar"};
  return kSpec;
}

}  // namespace sightline::normalize
