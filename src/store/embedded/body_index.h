// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "base/generation_map.h"
#include "base/hash.h"
#include "base/mutex.h"
#include "store/store.h"

namespace sightline::store::embedded {

// Which bodies are durable, by content hash, for the newest day only: each day holds its own
// bodies, so that retention can delete it alone. Bounded: when a generation is full the older one
// is forgotten, and a body that comes again is then stored again under a new id, which costs space
// and nothing else.
//
// Thread: any.
class BodyIndex final : public BodyCatalog {
 public:
  static constexpr std::size_t kDefaultCapacity = 399'457;
  static constexpr std::size_t kBytesPerBody = 84;  // About.

  // `key` is that of the installation.
  explicit BodyIndex(const base::HashKey& key, std::size_t capacity = kDefaultCapacity);

  // Whoever asks for the hash will look for the body: its place is fetched meanwhile.
  base::Hash128 HashOf(std::string_view text) const override;

  std::optional<Known> Find(std::int32_t day, const base::Hash128& hash) const override;

  std::uint64_t NewId() override { return next_id_.fetch_add(1, std::memory_order_relaxed); }

  // The body is durable for `day`. A newer day forgets all others.
  void Insert(std::int32_t day, const base::Hash128& hash, const Known& body);
  void Insert(std::int32_t day, std::span<const model::Body> bodies);

  // Ids up to `id` are taken.
  void RaiseNextId(std::uint64_t id);

  // The next id that NewId gives.
  std::uint64_t next_id() const { return next_id_.load(std::memory_order_relaxed); }

  std::size_t size() const;

 private:
  static constexpr std::size_t kShards = 16;
  using Map = base::GenerationMap<base::Hash128, Known, base::Hash128Hasher>;

  struct Shard {
    explicit Shard(std::size_t generation_capacity) : bodies(generation_capacity) {}

    mutable base::Mutex mutex;
    std::int32_t day GUARDED_BY(mutex) = 0;
    Map bodies;  // Guarded by the mutex, but for Prefetch.
  };

  Shard& ShardOf(const base::Hash128& hash) const { return *shards_[hash.high % kShards]; }

  const base::HashKey key_;
  std::atomic<std::uint64_t> next_id_ = 1;
  std::vector<std::unique_ptr<Shard>> shards_;
};

}  // namespace sightline::store::embedded
