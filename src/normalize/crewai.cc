// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <string_view>

#include "normalize/dialect.h"

namespace sightline::normalize {
namespace {

constexpr auto kKeys = std::to_array<KeyRule>({
    Own("tool_name", Field::kToolName, 3),
    Own("flow_name", Field::kWorkflowName, 8),
    Own("crew_id", Field::kWorkflowId, 2),
    Own("task_id"),
    Own("task_key"),
    Own("crew_key"),
    Own("crewai_version"),
    Own("python_version"),
    Own("attempts"),
    Own("llm"),
    Own("model_name", Field::kRequestModel, 10),
    Own("crew_agents"),
    Own("crew_tasks"),
    Own("crew_inputs"),
    Own("crew_output"),
    Own("crew_tasks_output"),
    Own("crew_process"),
    Own("crew_memory"),
    Own("crew_number_of_tasks"),
    Own("crew_number_of_agents"),
    Own("crew_fingerprint"),
    Own("crew_fingerprint_created_at"),
    Own("crew_fingerprint_metadata"),
    Own("task_fingerprint"),
    Own("task_fingerprint_created_at"),
    Own("task_fingerprint_metadata"),
    Own("agent_fingerprint"),
    Own("agent_role", Field::kAgentName, 16),
    Own("formatted_description"),
    Own("formatted_expected_output"),
    Own("task_output"),
    Own("node_names"),
    Own("platform"),
    Own("platform_release"),
    Own("platform_system"),
    Own("platform_version"),
    Own("cpus"),
    Own("feature"),
    Own("quality"),
    Own("exec_time"),
    Own("iterations"),
    Own("inputs"),
});

constexpr auto kScopes = std::to_array<std::string_view>({
    "crewai.telemetry",
});

// Everything else, such as "Crew Created", counts the use of a feature.
constexpr auto kSpanNames = std::to_array<NamedKind>({
    {"Crew Execution", model::SpanKind::kWorkflow},
    {"Flow Execution", model::SpanKind::kWorkflow},
    {"Task Execution", model::SpanKind::kTask},
    {"Tool Usage", model::SpanKind::kTool},
    {"Tool Usage Error", model::SpanKind::kTool},
    {"Tool Repeated Usage", model::SpanKind::kOther},
    {"Crew Test Execution", model::SpanKind::kEvaluator},
    {"Crew Individual Test Result", model::SpanKind::kEvaluator},
});

}  // namespace

const DialectSpec& CrewAiSpec() {
  // The usage pings of the framework itself; traces of its agents come from instrumentations.
  static constexpr DialectSpec kSpec = {.dialect = model::Dialect::kCrewAi,
                                        .keys = kKeys,
                                        .scopes = kScopes,
                                        .span_names = kSpanNames,
                                        .framework = "crewai",
                                        .failure_span_name = "Tool Usage Error"};
  return kSpec;
}

}  // namespace sightline::normalize
