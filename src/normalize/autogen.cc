// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <string_view>

#include "normalize/dialect.h"

namespace sightline::normalize {
namespace {

constexpr auto kScopes = std::to_array<std::string_view>({"autogen-core"});

}  // namespace

const DialectSpec& AutoGenSpec() {
  // Writes GenAI keys with gen_ai.system=autogen; its runtime spans are messaging spans.
  static constexpr DialectSpec kSpec = {
      .dialect = model::Dialect::kAutoGen, .scopes = kScopes, .framework = "autogen"};
  return kSpec;
}

}  // namespace sightline::normalize
