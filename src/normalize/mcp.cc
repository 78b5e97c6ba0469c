// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <string_view>

#include "normalize/dialect.h"

namespace sightline::normalize {
namespace {

constexpr auto kKeys = std::to_array<KeyRule>({
    {"mcp.method.name", Field::kMcpMethod, 0},
    {"mcp.method.name", Field::kOperation, 3},
    {"mcp.request.argument", Field::kToolArguments, 10},
    {"mcp.", Field::kKnown},  // mcp.session.id is a transport session, not a conversation.
    {"jsonrpc.", Field::kKnown},
});

}  // namespace

const DialectSpec& McpSpec() {
  static constexpr DialectSpec kSpec = {.keys = kKeys};
  return kSpec;
}

}  // namespace sightline::normalize
