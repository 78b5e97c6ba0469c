// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include <boost/unordered/unordered_flat_map.hpp>

#include "base/mutex.h"
#include "model/span.h"

namespace sightline::ingest {

// Remembers which spans became durable lately, because clients resend when an answer is lost. Two
// spans are the same when trace, span, start, end, status, attributes and events are. Emitters that
// update a span in place send it again at the same times with more in it: that is not the same.
// Bounded: the oldest half is forgotten when it is full; a repeat that comes later is kept and left
// to the reader.
//
// Thread: any.
class RecentSpans {
 public:
  static constexpr std::size_t kDefaultCapacity = 1'000'000;  // About 34 MB.

  struct Fingerprint {
    std::uint64_t identity = 0;  // Of ids, times and status.
    std::uint64_t content = 0;  // Of what else was sent; 0 when the row was read without its texts.

    std::uint64_t hash() const { return identity ^ (content * 0x9E3779B97F4A7C15ULL); }
  };

  explicit RecentSpans(std::size_t capacity = kDefaultCapacity);

  // What makes two spans the same. Rows that are to be stored must be encoded.
  static Fingerprint FingerprintOf(const model::Span& span);

  // True if the last version of the span that is remembered is this one. After a restart only
  // identities are known: then every version counts as a repeat.
  bool Contains(const Fingerprint& fingerprint) const;
  void Insert(const Fingerprint& fingerprint);

  void Insert(const model::Span& span) { Insert(FingerprintOf(span)); }

 private:
  static constexpr std::size_t kShards = 16;

  using Contents = boost::unordered_flat_map<std::uint64_t, std::uint64_t>;

  struct Shard {
    mutable base::Mutex mutex;
    Contents young GUARDED_BY(mutex);
    Contents old GUARDED_BY(mutex);
  };

  const std::size_t generation_capacity_;
  std::array<Shard, kShards> shards_;
};

}  // namespace sightline::ingest
