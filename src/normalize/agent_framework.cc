// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <string_view>

#include "normalize/dialect.h"

namespace sightline::normalize {
namespace {

constexpr auto kKeys = std::to_array<KeyRule>({
    {"workflow.name", Field::kWorkflowName, 2},
    {"workflow.id", Field::kWorkflowId, 0},
    {"workflow.", Field::kKnown},
    {"executor.", Field::kKnown},
    {"edge_group.", Field::kKnown},
    {"message.", Field::kKnown},
    {"agent_framework.", Field::kKnown},
});

constexpr auto kScopes = std::to_array<std::string_view>({"agent_framework"});

constexpr auto kSpanNames = std::to_array<NamedKind>({
    {"workflow.run", model::SpanKind::kWorkflow},
    {"executor.process", model::SpanKind::kTask},
    {"executor.process *", model::SpanKind::kTask},
});

}  // namespace

const DialectSpec& AgentFrameworkSpec() {
  static constexpr DialectSpec kSpec = {.dialect = model::Dialect::kAgentFramework,
                                        .keys = kKeys,
                                        .scopes = kScopes,
                                        .span_names = kSpanNames,
                                        .framework = "agent_framework"};
  return kSpec;
}

}  // namespace sightline::normalize
