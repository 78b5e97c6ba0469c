// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace sightline::query {

// How an order is spelt: its name, with "-" before it when it goes downwards. `Sort` has members
// `by`, an enum whose values are the places of their names, and `is_ascending`.

template <typename Sort, std::size_t kCount>
std::string SortText(const Sort& sort, const std::array<std::string_view, kCount>& names) {
  std::string text = sort.is_ascending ? "" : "-";
  text += names[static_cast<std::size_t>(sort.by)];
  return text;
}

// Empty for what SortText does not make.
template <typename Sort, std::size_t kCount>
std::optional<Sort> ParseSort(std::string_view text,
                              const std::array<std::string_view, kCount>& names) {
  Sort sort;
  sort.is_ascending = !text.starts_with('-');
  text.remove_prefix(sort.is_ascending ? 0 : 1);
  const auto name = std::find(names.begin(), names.end(), text);
  if (name == names.end()) {
    return std::nullopt;
  }
  sort.by = static_cast<decltype(sort.by)>(name - names.begin());
  return sort;
}

}  // namespace sightline::query
