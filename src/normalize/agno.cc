// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <string_view>

#include "normalize/dialect.h"

namespace sightline::normalize {
namespace {

constexpr auto kKeys = std::to_array<KeyRule>({
    Own("tool.parameters", Field::kToolArguments, 18),
    {"agno.agent.id", Field::kAgentId, 4},
    {"agno.team.id", Field::kAgentId, 5},
    {"agno.run.id", Field::kRunId, 7},
    {"agno.workflow.id", Field::kWorkflowId, 6},
    // Written so by mistake: the braces were meant to be replaced.
    {"agno{key_suffix}.agent", Field::kAgentName, 12},
    {"agno{key_suffix}.team", Field::kAgentName, 13},
    {"agno{key_suffix}.tools", Field::kKnown},
    {"agno{key_suffix}.knowledge", Field::kKnown},
    {"agno{key_suffix}.storage", Field::kKnown},
    {"agno.agent", Field::kAgentName, 14},
    {"agno.team", Field::kAgentName, 15},
    {"agno.", Field::kKnown},
});

constexpr auto kProofs = std::to_array<std::string_view>({
    "agno.",
});

constexpr auto kScopes = std::to_array<std::string_view>({
    "openinference.instrumentation.agno",
});

}  // namespace

const DialectSpec& AgnoSpec() {
  // Traced by its OpenInference instrumentation, which puts a call's arguments into
  // tool.parameters.
  static constexpr DialectSpec kSpec = {.dialect = model::Dialect::kAgno,
                                        .keys = kKeys,
                                        .proofs = kProofs,
                                        .scopes = kScopes,
                                        .framework = "agno",
                                        .input = InputCounting::kInclusive};
  return kSpec;
}

}  // namespace sightline::normalize
