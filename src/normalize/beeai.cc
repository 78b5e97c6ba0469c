// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <string_view>

#include "normalize/dialect.h"

namespace sightline::normalize {
namespace {

constexpr auto kKeys = std::to_array<KeyRule>({
    Own("tool.parameters", Field::kToolArguments, 18),
    Own("target"),
    Own("name"),
    Own("traceId"),
    Own("thought"),
    Own("history"),
    Own("memory"),
    Own("ctx"),
    Own("data"),
    Own("class"),
});

constexpr auto kScopes = std::to_array<std::string_view>({
    "openinference.instrumentation.beeai",
});

}  // namespace

const DialectSpec& BeeAiSpec() {
  // Up to 0.1.33 its instrumentation wrote one span for each event of the framework; then, and only
  // then, tool.parameters are the arguments of a call.
  static constexpr DialectSpec kSpec = {.dialect = model::Dialect::kBeeAi,
                                        .keys = kKeys,
                                        .scopes = kScopes,
                                        .framework = "beeai",
                                        .input = InputCounting::kInclusive};
  return kSpec;
}

}  // namespace sightline::normalize
