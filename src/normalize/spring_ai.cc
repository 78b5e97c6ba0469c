// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <string_view>

#include "normalize/dialect.h"

namespace sightline::normalize {
namespace {

constexpr auto kKeys = std::to_array<KeyRule>({
    {"spring.ai.kind", Field::kEmitterKind, 2},
    {"spring.ai.tool.definition.name", Field::kToolName, 5},
    {"spring.ai.tool.call.id", Field::kToolCallId, 8},
    {"spring.ai.tool.type", Field::kToolType, 2},
    {"spring.ai.tool.call.arguments", Field::kToolArguments, 13},
    {"spring.ai.chat.client.conversation.id", Field::kSessionId, 16},
    {"spring.ai.chat.client.stream", Field::kStreaming, 4},
    {"spring.ai.advisor.name", Field::kDisplayName, 2},
    {"spring.ai.", Field::kKnown},
});

constexpr auto kProofs = std::to_array<std::string_view>({
    "spring.ai.",
});

constexpr auto kSpanNames = std::to_array<NamedKind>({
    {"* query", model::SpanKind::kRetriever},
});

// Values of spring.ai.kind. A vector_store is a retriever when it is queried, else a database.
constexpr auto kKinds = std::to_array<NamedKind>({
    {"tool_call", model::SpanKind::kTool},
    {"chat_client", model::SpanKind::kTask},
    {"advisor", model::SpanKind::kTask},
});

}  // namespace

const DialectSpec& SpringAiSpec() {
  static constexpr DialectSpec kSpec = {.dialect = model::Dialect::kSpringAi,
                                        .keys = kKeys,
                                        .proofs = kProofs,
                                        .span_names = kSpanNames,
                                        .kinds = kKinds,
                                        .framework = "spring_ai"};
  return kSpec;
}

}  // namespace sightline::normalize
