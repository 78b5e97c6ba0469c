// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <string_view>

#include "normalize/dialect.h"

namespace sightline::normalize {
namespace {

constexpr auto kScopes = std::to_array<std::string_view>({"gen_ai"});

}  // namespace

const DialectSpec& VercelAi7Spec() {
  // Writes the keys of the current GenAI conventions; only its scope tells it from others.
  static constexpr DialectSpec kSpec = {.dialect = model::Dialect::kVercelAi7,
                                        .scopes = kScopes,
                                        .framework = "vercel_ai",
                                        .input = InputCounting::kInclusive};
  return kSpec;
}

}  // namespace sightline::normalize
