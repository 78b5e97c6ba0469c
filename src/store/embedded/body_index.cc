// SPDX-License-Identifier: Apache-2.0
#include "store/embedded/body_index.h"

namespace sightline::store::embedded {

BodyIndex::BodyIndex(const base::HashKey& key, std::size_t capacity) : key_(key) {
  for (std::size_t i = 0; i < kShards; ++i) {
    shards_.push_back(std::make_unique<Shard>(capacity / kShards / 2));
  }
}

base::Hash128 BodyIndex::HashOf(std::string_view text) const {
  const base::Hash128 hash = base::HashBytes128(text, key_);
  ShardOf(hash).bodies.Prefetch(hash);
  return hash;
}

std::optional<BodyCatalog::Known> BodyIndex::Find(std::int32_t day,
                                                  const base::Hash128& hash) const {
  const Shard& shard = ShardOf(hash);
  base::MutexLock lock(shard.mutex);
  const Known* known = shard.day == day ? shard.bodies.Find(hash) : nullptr;
  return known == nullptr ? std::nullopt : std::optional(*known);
}

void BodyIndex::Insert(std::int32_t day, const base::Hash128& hash, const Known& body) {
  Shard& shard = ShardOf(hash);
  base::MutexLock lock(shard.mutex);
  if (day < shard.day) {
    return;
  }
  if (day > shard.day) {
    shard.day = day;
    shard.bodies.Clear();
  }
  shard.bodies.Insert(hash, body);
}

void BodyIndex::Insert(std::int32_t day, std::span<const model::Body> bodies) {
  constexpr std::size_t kAhead = 8;
  for (std::size_t i = 0; i < bodies.size(); ++i) {
    if (i + kAhead < bodies.size()) {
      const base::Hash128& later = bodies[i + kAhead].hash;
      ShardOf(later).bodies.Prefetch(later);
    }
    RaiseNextId(bodies[i].id);
    Insert(day, bodies[i].hash, {.id = bodies[i].id, .owner = bodies[i].owner});
  }
}

void BodyIndex::RaiseNextId(std::uint64_t id) {
  std::uint64_t current = next_id_.load(std::memory_order_relaxed);
  while (current <= id &&
         !next_id_.compare_exchange_weak(current, id + 1, std::memory_order_relaxed)) {
  }
}

std::size_t BodyIndex::size() const {
  std::size_t total = 0;
  for (const std::unique_ptr<Shard>& shard : shards_) {
    base::MutexLock lock(shard->mutex);
    total += shard->bodies.size();
  }
  return total;
}

}  // namespace sightline::store::embedded
