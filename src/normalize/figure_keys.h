// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "normalize/key_table.h"

namespace sightline::normalize {

// The rule for a key that no dialect's table lists but whose words say that it holds a token count,
// a cost in dollars or a tool's own word on whether it failed: "gen_ai.usage.cache_read_tokens",
// "llm.usage.prompt_tokens", "gen_ai.cost.total_cost", "lk.function_tool.is_error". Null for every
// other key. Its rank is worse than that of any listed key,
// and no dialect owns it.
const TableRule* FigureRule(std::string_view key);

}  // namespace sightline::normalize
