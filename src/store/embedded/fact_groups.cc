// SPDX-License-Identifier: Apache-2.0
#include "store/embedded/fact_groups.h"

#include <algorithm>
#include <cstring>
#include <tuple>
#include <utility>

#include <fmt/format.h>

#include "model/name_set.h"

namespace sightline::store::embedded {
namespace {

using query::FactKey;

template <typename T>
void AppendNumber(std::string& place, T number) {
  char bytes[sizeof number];
  std::memcpy(bytes, &number, sizeof number);
  place.append(bytes, sizeof bytes);
}

// A key with its length, so that no two lists of keys read alike.
void AppendKey(std::string& place, std::string_view key) {
  AppendNumber(place, static_cast<std::uint32_t>(key.size()));
  place.append(key);
}

}  // namespace

void FactGroups::Clear() {
  groups_.clear();
  places_.clear();
}

base::Result<void> FactGroups::AddTable(const model::FactTable& table) {
  for (const model::Fact& fact : table.facts) {
    if (!query::Matches(query_, table, fact)) {
      continue;
    }
    keys_.clear();
    for (const FactKey key : query_.by) {
      keys_.push_back(query::KeyOf(table, fact, key));
    }
    query::FactGroup& group = *TRY(GroupOf(keys_, query::TimeOf(query_, fact.start_ns)));
    group.sums.Add(fact);
    group.AddTimes(fact.start_ns, fact.start_ns);
    if (query_.with_latency) {
      group.latency.AddBucket(model::Sketch::BucketOf(fact.duration_ns), fact.sign);
    }
  }
  return {};
}

base::Result<void> FactGroups::Add(std::span<const query::FactGroup> groups) {
  for (const query::FactGroup& other : groups) {
    keys_.assign(other.keys.begin(), other.keys.end());
    TRY(GroupOf(keys_, other.time_ns))->Merge(other);
  }
  return {};
}

base::Result<query::FactGroup*> FactGroups::GroupOf(std::span<const std::string_view> keys,
                                                    std::int64_t time_ns) {
  const auto find = [&](std::span<const std::string_view> names) {
    place_.clear();
    for (const std::string_view name : names) {
      AppendKey(place_, name);
    }
    AppendNumber(place_, time_ns);
    return places_.find(place_);
  };
  auto known = find(keys);
  if (known != places_.end()) {
    return &groups_[known->second];
  }
  std::vector<std::string_view> names(keys.begin(), keys.end());
  if (places_.size() >= most_ && !keys.empty()) {
    names.assign(keys.size(), query::kMoreNames);
    known = find(names);
    if (known != places_.end()) {
      return &groups_[known->second];
    }
  }
  if (places_.size() >= 2 * most_) {
    return base::Error(
        base::Code::kInvalidArgument,
        fmt::format("more than {} groups: ask for a shorter time or longer steps", 2 * most_));
  }
  places_.emplace(place_, groups_.size());
  groups_.push_back({.keys = {names.begin(), names.end()}, .time_ns = time_ns});
  return &groups_.back();
}

std::vector<query::FactGroup> FactGroups::TakeAll() {
  places_.clear();
  return std::exchange(groups_, {});
}

// Adds a group whose keys before `key` are no sets.
base::Result<void> FactGroups::AddWithout(query::FactGroup& group, std::size_t key) {
  while (key < query_.by.size() && !query::IsSet(query_.by[key])) {
    ++key;
  }
  if (key == query_.by.size()) {
    return Add({&group, 1});
  }
  const std::string set = group.keys[key];
  const std::vector<std::string> names =
      set.empty() ? std::vector<std::string>{""} : model::SplitSet(set);
  for (const std::string& name : names) {
    group.keys[key] = name;
    TRY(AddWithout(group, key + 1));
  }
  group.keys[key] = set;
  return {};
}

base::Result<void> FactGroups::SplitSets() {
  if (std::none_of(query_.by.begin(), query_.by.end(), query::IsSet)) {
    return {};
  }
  for (query::FactGroup& group : TakeAll()) {
    TRY(AddWithout(group, 0));
  }
  return {};
}

base::Result<std::vector<query::FactGroup>> FactGroups::Take() {
  TRY(SplitSets());
  std::vector<query::FactGroup> groups = TakeAll();
  // Where there is nothing, what was there has been replaced.
  std::erase_if(groups, [](const query::FactGroup& group) { return group.sums.count <= 0; });
  std::sort(groups.begin(), groups.end(), [](const query::FactGroup& a, const query::FactGroup& b) {
    return std::tie(a.keys, a.time_ns) < std::tie(b.keys, b.time_ns);
  });
  return groups;
}

}  // namespace sightline::store::embedded
