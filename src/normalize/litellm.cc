// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <string_view>

#include "normalize/dialect.h"

namespace sightline::normalize {
namespace {

constexpr auto kKeys = std::to_array<KeyRule>({
    {"gen_ai.request.id", Field::kKnown},
    Own("hidden_params"),
    Own("guardrail_name", Field::kDisplayName, 5),
    Own("guardrail_mode"),
    Own("guardrail_response"),
    Own("masked_entity_count"),
    Own("event_name"),
    {"metadata.user_api_key_end_user_id", Field::kUserId, 18},
    // The raw request: one key for each of its members, below the name of the provider.
    Own("llm."),
    Own("error.code"),
    Own("error.llm_provider"),
});

constexpr auto kScopes = std::to_array<std::string_view>({
    "litellm",
    "litellm.*",
});

constexpr auto kSpanNames = std::to_array<NamedKind>({
    {"litellm_request", model::SpanKind::kLlm},
    {"raw_gen_ai_request", model::SpanKind::kTask},
    {"Received Proxy Server Request", model::SpanKind::kHttp},
    {"guardrail", model::SpanKind::kGuardrail},
    {"proxy_pre_call", model::SpanKind::kTask},
    {"auth", model::SpanKind::kTask},
    {"router", model::SpanKind::kTask},
    {"self", model::SpanKind::kTask},
    {"redis", model::SpanKind::kDb},
    {"postgres", model::SpanKind::kDb},
});

}  // namespace

const DialectSpec& LiteLlmSpec() {
  // The proxy and the library alike; it answers with the shape of the OpenAI API, whoever is
  // called.
  static constexpr DialectSpec kSpec = {.dialect = model::Dialect::kLiteLlm,
                                        .keys = kKeys,
                                        .scopes = kScopes,
                                        .span_names = kSpanNames,
                                        .framework = "litellm",
                                        .input = InputCounting::kInclusive};
  return kSpec;
}

}  // namespace sightline::normalize
