// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include <boost/unordered/unordered_flat_set.hpp>

#include "base/mutex.h"
#include "model/span.h"

namespace sightline::ingest {

// Remembers which spans became durable lately, because clients resend when an answer is lost. Two
// spans are the same when trace, span, start, end and status are. Bounded: the oldest half is
// forgotten when it is full; a repeat that comes later is kept and left to the reader.
//
// Thread: any.
class RecentSpans {
 public:
  static constexpr std::size_t kDefaultCapacity = 1'000'000;  // About 18 MB.

  explicit RecentSpans(std::size_t capacity = kDefaultCapacity);

  // What makes two spans the same.
  static std::uint64_t FingerprintOf(const model::Span& span);

  bool Contains(std::uint64_t fingerprint) const;
  void Insert(const model::Span& span);

 private:
  static constexpr std::size_t kShards = 16;

  struct Shard {
    mutable base::Mutex mutex;
    boost::unordered_flat_set<std::uint64_t> young GUARDED_BY(mutex);
    boost::unordered_flat_set<std::uint64_t> old GUARDED_BY(mutex);
  };

  const std::size_t generation_capacity_;
  std::array<Shard, kShards> shards_;
};

}  // namespace sightline::ingest
