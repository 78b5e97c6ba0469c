// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <string_view>

#include "normalize/dialect.h"

namespace sightline::normalize {
namespace {

constexpr auto kKeys = std::to_array<KeyRule>({
    {"koog.strategy.name", Field::kWorkflowName, 6},
    {"koog.agent.strategy.name", Field::kWorkflowName, 7},
    {"koog.node.id", Field::kDisplayName, 3},
    {"koog.node.name", Field::kDisplayName, 4},
    {"koog.", Field::kKnown},
});

constexpr auto kProofs = std::to_array<std::string_view>({
    "koog.",
});

constexpr auto kScopes = std::to_array<std::string_view>({
    "ai.koog",
    "ai.koog.*",
});

constexpr auto kServices = std::to_array<std::string_view>({
    "ai.koog",
});

constexpr auto kSpanNames = std::to_array<NamedKind>({
    {"node *", model::SpanKind::kTask},
    {"node.*", model::SpanKind::kTask},
    {"strategy*", model::SpanKind::kTask},
    {"subgraph*", model::SpanKind::kTask},
    {"tool.*", model::SpanKind::kTool},
    {"llm.*", model::SpanKind::kLlm},
    {"run.*", model::SpanKind::kAgent},
    {"agent.*", model::SpanKind::kAgent},
});

}  // namespace

const DialectSpec& KoogSpec() {
  static constexpr DialectSpec kSpec = {.dialect = model::Dialect::kKoog,
                                        .keys = kKeys,
                                        .proofs = kProofs,
                                        .scopes = kScopes,
                                        .services = kServices,
                                        .span_names = kSpanNames,
                                        .framework = "koog",
                                        .input = InputCounting::kInclusive};
  return kSpec;
}

}  // namespace sightline::normalize
