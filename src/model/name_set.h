// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace sightline::model {

// A set of names as one text, for columns and indexes: "|a|b|" with kSetSeparator, "" when there
// are none, so that membership is one search. A separator within a name becomes a space.

inline constexpr char kSetSeparator = '\x1f';

void AddToSet(std::string& set, std::string_view name);

std::string JoinSet(std::span<const std::string> names);

// Calls `visit(name)` for each name, in order. A text that is no set is one name.
template <typename Visit>
void ForEachInSet(std::string_view set, const Visit& visit) {
  std::size_t begin = set.starts_with(kSetSeparator) ? 1 : 0;
  while (begin < set.size()) {
    const std::size_t end = std::min(set.find(kSetSeparator, begin), set.size());
    visit(set.substr(begin, end - begin));
    begin = end + 1;
  }
}

std::vector<std::string> SplitSet(std::string_view set);

bool IsInSet(std::string_view set, std::string_view name);

// Between two separators: what a set that holds the name contains.
std::string InSet(std::string_view name);

}  // namespace sightline::model
