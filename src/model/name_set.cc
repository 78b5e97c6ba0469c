// SPDX-License-Identifier: Apache-2.0
#include "model/name_set.h"

namespace sightline::model {

void AddToSet(std::string& set, std::string_view name) {
  if (set.empty()) {
    set.push_back(kSetSeparator);
  }
  const std::size_t begin = set.size();
  set += name;
  // A name must not end the set: nothing legible is lost.
  std::replace(set.begin() + static_cast<std::ptrdiff_t>(begin), set.end(), kSetSeparator, ' ');
  set.push_back(kSetSeparator);
}

std::string JoinSet(std::span<const std::string> names) {
  std::string set;
  for (const std::string& name : names) {
    AddToSet(set, name);
  }
  return set;
}

std::vector<std::string> SplitSet(std::string_view set) {
  std::vector<std::string> names;
  ForEachInSet(set, [&](std::string_view name) { names.emplace_back(name); });
  return names;
}

bool IsInSet(std::string_view set, std::string_view name) {
  bool is_in = false;
  ForEachInSet(set, [&](std::string_view member) { is_in = is_in || member == name; });
  return is_in;
}

std::string InSet(std::string_view name) {
  std::string bounded;
  AddToSet(bounded, name);
  return bounded;
}

}  // namespace sightline::model
