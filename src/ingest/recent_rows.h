// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "base/generation_map.h"
#include "base/mutex.h"
#include "model/batch.h"
#include "model/metric_point.h"
#include "model/span.h"

namespace sightline::ingest {

// Remembers which rows became durable lately, because clients resend when an answer is lost. Two
// spans are the same when trace, span, start, end, status, attributes and events are; likewise
// spans that have started and not ended, which are never the same as those that have. Emitters that
// update a span in place send it again at the same times with more in it: that is not the same.
// Two metric points are the same when series, times, value, count and buckets are. Bounded: the
// oldest half is forgotten when it is full; a repeat that comes later is kept and left to the
// reader. Log records are always left to the reader: equal ones are listed once.
//
// Thread: any.
class RecentRows {
 public:
  static constexpr std::size_t kBytesPerRow = 34;  // About.
  static constexpr std::size_t kDefaultCapacity = 986'895;

  // Which of the versions of a row.
  struct Version {
    std::uint32_t shape = 0;    // Of attributes and events, without what is kept as bodies.
    std::uint32_t content = 0;  // Of the ids of bodies, too; 0 when they tell nothing.
  };

  struct Fingerprint {
    std::uint64_t identity = 0;  // See IdentityOf.
    Version version;

    std::uint64_t hash() const {
      const std::uint64_t both = (std::uint64_t{version.shape} << 32U) | version.content;
      return identity ^ (both * 0x9E3779B97F4A7C15ULL);
    }
  };

  explicit RecentRows(std::size_t capacity = kDefaultCapacity);

  // Of ids, times, status, and whether it has ended.
  static std::uint64_t IdentityOf(const model::Span& span);

  // What makes two spans the same. Rows that are to be stored must be encoded.
  static Fingerprint FingerprintOf(const model::Span& span, std::uint64_t identity);

  static Fingerprint FingerprintOf(const model::Span& span) {
    return FingerprintOf(span, IdentityOf(span));
  }

  // Its identity is of series and times.
  static Fingerprint FingerprintOf(const model::MetricPoint& point);

  // Of the spans, of those that have not ended, and of the points.
  static std::vector<Fingerprint> FingerprintsOf(const model::Batch& batch);

  // A hint that a row with this identity will be looked for.
  void Prefetch(std::uint64_t identity) const;

  // True if the last version of the row that is remembered is this one.
  bool Contains(const Fingerprint& fingerprint) const;
  void Insert(const Fingerprint& fingerprint);
  void Insert(std::span<const Fingerprint> fingerprints);

  void Insert(const model::Span& span) { Insert(FingerprintOf(span)); }

  // Rows from before a restart: a body that comes again may have another id since, so versions that
  // differ in nothing but bodies are taken for one.
  void InsertRestored(const model::Batch& batch);

 private:
  static constexpr std::size_t kShards = 16;

  struct Hasher {
    std::uint64_t operator()(std::uint64_t identity) const { return identity; }
  };

  using Versions = base::GenerationMap<std::uint64_t, Version, Hasher>;

  struct Shard {
    explicit Shard(std::size_t generation_capacity) : versions(generation_capacity) {}

    mutable base::Mutex mutex;
    Versions versions;  // Guarded by the mutex, but for Prefetch.
  };

  Shard& ShardOf(std::uint64_t identity) const { return *shards_[identity % kShards]; }

  std::vector<std::unique_ptr<Shard>> shards_;
};

}  // namespace sightline::ingest
