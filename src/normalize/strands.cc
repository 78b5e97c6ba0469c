// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <string_view>

#include "normalize/dialect.h"

namespace sightline::normalize {
namespace {

constexpr auto kKeys = std::to_array<KeyRule>({
    // An alias of the key with cache_read_input_tokens, which is in traceloop.cc.
    {"gen_ai.usage.cache_write_input_tokens", Field::kCacheWriteTokens, 3},
    {"event_loop.", Field::kKnown},
    // Amazon Bedrock AgentCore, which usually runs it.
    {"aws.agent.id", Field::kAgentId, 2},
    {"latency_ms", Field::kKnown},
});

constexpr auto kScopes = std::to_array<std::string_view>({"strands.telemetry.tracer"});

constexpr auto kSpanNames = std::to_array<NamedKind>({
    {"execute_event_loop_cycle", model::SpanKind::kTask},
});

}  // namespace

const DialectSpec& StrandsSpec() {
  static constexpr DialectSpec kSpec = {.dialect = model::Dialect::kStrands,
                                        .keys = kKeys,
                                        .scopes = kScopes,
                                        .span_names = kSpanNames,
                                        .framework = "strands",
                                        .input = InputCounting::kExclusiveOnBedrock};
  return kSpec;
}

}  // namespace sightline::normalize
