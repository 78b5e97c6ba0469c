// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <string_view>

#include "normalize/dialect.h"

namespace sightline::normalize {
namespace {

constexpr auto kKeys = std::to_array<KeyRule>({
    {"gen_ai.thread.id", Field::kSessionId, 15},
    {"gen_ai.thread.run.id", Field::kRunId, 5},
    {"gen_ai.thread.", Field::kKnown},
    {"gen_ai.message.", Field::kKnown},
    {"gen_ai.run_step.", Field::kKnown},
    {"gen_ai.system.", Field::kKnown},
    {"az.namespace", Field::kKnown},
    {"az.client_request_id", Field::kKnown},
    {"az.service_request_id", Field::kKnown},
    {"az.", Field::kKnown},
});

constexpr auto kProofs = std::to_array<std::string_view>({
    "gen_ai.thread.",
    "gen_ai.run_step.",
});

constexpr auto kScopes = std::to_array<std::string_view>({
    "azure.ai.*",
    "Azure.AI.*",
});

constexpr auto kSpanNames = std::to_array<NamedKind>({
    {"start_thread_run*", model::SpanKind::kAgent},
    {"process_thread_run*", model::SpanKind::kAgent},
    {"get_thread_run*", model::SpanKind::kOther},
    {"create_thread*", model::SpanKind::kOther},
    {"create_message*", model::SpanKind::kOther},
    {"list_messages*", model::SpanKind::kOther},
    {"list_run_steps*", model::SpanKind::kOther},
    {"submit_tool_outputs*", model::SpanKind::kTask},
    {"create_conversation*", model::SpanKind::kOther},
    {"list_conversation_items*", model::SpanKind::kOther},
});

}  // namespace

const DialectSpec& AzureAiSpec() {
  // azure-ai-inference, azure-ai-agents and azure-ai-projects. Also proved by the values of the
  // provider keys that only they write.
  static constexpr DialectSpec kSpec = {.dialect = model::Dialect::kAzureAi,
                                        .keys = kKeys,
                                        .proofs = kProofs,
                                        .scopes = kScopes,
                                        .span_names = kSpanNames,
                                        .framework = "azure_ai",
                                        .input = InputCounting::kInclusive};
  return kSpec;
}

}  // namespace sightline::normalize
