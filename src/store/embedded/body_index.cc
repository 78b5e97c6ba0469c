// SPDX-License-Identifier: Apache-2.0
#include "store/embedded/body_index.h"

#include <algorithm>
#include <utility>

namespace sightline::store::embedded {

BodyIndex::BodyIndex(const base::HashKey& key, std::size_t capacity)
    : key_(key), generation_capacity_(std::max<std::size_t>(1, capacity / kShards / 2)) {}

std::optional<BodyCatalog::Known> BodyIndex::Find(std::int32_t day,
                                                  const base::Hash128& hash) const {
  const Shard& shard = shards_[ShardOf(hash)];
  base::MutexLock lock(shard.mutex);
  if (shard.day != day) {
    return std::nullopt;
  }
  for (const Map* map : {&shard.young, &shard.old}) {
    const auto it = map->find(hash);
    if (it != map->end()) {
      return it->second;
    }
  }
  return std::nullopt;
}

void BodyIndex::Insert(std::int32_t day, const base::Hash128& hash, const Known& body) {
  Shard& shard = shards_[ShardOf(hash)];
  base::MutexLock lock(shard.mutex);
  if (day < shard.day) {
    return;
  }
  if (day > shard.day) {
    shard.day = day;
    shard.young.clear();
    shard.old.clear();
  }
  if (shard.young.size() >= generation_capacity_) {
    shard.old = std::move(shard.young);
    shard.young = Map();
  }
  shard.young.insert_or_assign(hash, body);
}

void BodyIndex::RaiseNextId(std::uint64_t id) {
  std::uint64_t current = next_id_.load(std::memory_order_relaxed);
  while (current <= id &&
         !next_id_.compare_exchange_weak(current, id + 1, std::memory_order_relaxed)) {
  }
}

std::size_t BodyIndex::size() const {
  std::size_t total = 0;
  for (const Shard& shard : shards_) {
    base::MutexLock lock(shard.mutex);
    total += shard.young.size() + shard.old.size();
  }
  return total;
}

}  // namespace sightline::store::embedded
