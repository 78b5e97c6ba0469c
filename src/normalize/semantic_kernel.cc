// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <string_view>

#include "normalize/dialect.h"

namespace sightline::normalize {
namespace {

constexpr auto kKeys = std::to_array<KeyRule>({
    {"sk.", Field::kKnown},
    {"semantic_kernel.", Field::kKnown},
});

constexpr auto kProofs = std::to_array<std::string_view>({
    "sk.",
});

constexpr auto kScopes = std::to_array<std::string_view>({
    "semantic_kernel.*",
    "Microsoft.SemanticKernel*",
});

constexpr auto kSpanNames = std::to_array<NamedKind>({
    {"AutoFunctionInvocationLoop*", model::SpanKind::kTask},
    {"chat.completions *", model::SpanKind::kLlm},
    {"text.completions *", model::SpanKind::kLlm},
});

}  // namespace

const DialectSpec& SemanticKernelSpec() {
  static constexpr DialectSpec kSpec = {.dialect = model::Dialect::kSemanticKernel,
                                        .keys = kKeys,
                                        .proofs = kProofs,
                                        .scopes = kScopes,
                                        .span_names = kSpanNames,
                                        .framework = "semantic_kernel",
                                        .input = InputCounting::kInclusive};
  return kSpec;
}

}  // namespace sightline::normalize
