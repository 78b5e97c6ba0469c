// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace sightline::ingest {

// How the items of a body of lifecycle events are laid out.
enum class EventFormat {
  kJson,   // One object, or an array of them.
  kLines,  // One object a line; blank lines are skipped.
};

// Cuts a body into the texts of its items, as views into it, without looking inside them: what is
// wrong with an item is that item's problem. The body is never held as a tree.
// kInvalidArgument: not one array or one value. kResourceExhausted: more than `max_items` items.
base::Result<std::vector<std::string_view>> SplitEvents(EventFormat format, std::string_view body,
                                                        std::size_t max_items);

// How deep an item may nest.
inline constexpr std::size_t kMaxEventDepth = 32;

// Why a text is not one JSON object; empty when it is one. Invalid UTF-8 inside strings is allowed.
std::optional<std::string> FindJsonFault(std::string_view text);

// The text with every \u escape of an unpaired surrogate made \ufffd: JavaScript writes them when
// it cuts a string in the middle of a character. Empty when there is none.
std::optional<std::string> RepairSurrogates(std::string_view text);

}  // namespace sightline::ingest
