// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <string_view>

#include "normalize/dialect.h"

namespace sightline::normalize {
namespace {

constexpr auto kKeys = std::to_array<KeyRule>({
    {"gcp.vertex.agent.invocation_id", Field::kRunId, 1},
    {"gcp.vertex.agent.session_id", Field::kSessionId, 4},
    // Tool spans carry these as "{}", which counts as absent.
    {"gcp.vertex.agent.llm_request", Field::kMessages, 0},
    {"gcp.vertex.agent.llm_response", Field::kMessages, 0},
    {"gcp.vertex.agent.tool_call_args", Field::kToolArguments, 3, Form::kEmptyIsAbsent},
    {"gcp.vertex.agent.", Field::kKnown},
    {"gcp.", Field::kKnown},
    {"gen_ai.usage.experimental.reasoning_tokens", Field::kReasoningTokens, 3},
    {"gen_ai.usage.experimental.", Field::kKnown},
});

constexpr auto kScopes = std::to_array<std::string_view>({"gcp.vertex.agent"});

constexpr auto kSpanNames = std::to_array<NamedKind>({
    {"agent_run [*", model::SpanKind::kAgent},
    {"call_llm", model::SpanKind::kLlm},
    {"invocation", model::SpanKind::kTask},  // The runner around the root agent.
});

}  // namespace

const DialectSpec& GoogleAdkSpec() {
  static constexpr DialectSpec kSpec = {.dialect = model::Dialect::kGoogleAdk,
                                        .keys = kKeys,
                                        .scopes = kScopes,
                                        .span_names = kSpanNames,
                                        .framework = "google_adk",
                                        .input = InputCounting::kInclusive};
  return kSpec;
}

}  // namespace sightline::normalize
