// SPDX-License-Identifier: Apache-2.0
#include "ingest/recent_spans.h"

#include <algorithm>
#include <cstring>
#include <string_view>
#include <utility>

#include "base/hash.h"

namespace sightline::ingest {

std::uint64_t RecentSpans::FingerprintOf(const model::Span& span) {
  std::array<char, 41> bytes{};
  char* at = bytes.data();
  const auto put = [&](const void* from, std::size_t size) {
    std::memcpy(at, from, size);
    at += size;
  };
  put(span.trace_id.bytes.data(), span.trace_id.bytes.size());
  put(span.span_id.bytes.data(), span.span_id.bytes.size());
  put(&span.start_ns, sizeof span.start_ns);
  put(&span.end_ns, sizeof span.end_ns);
  put(&span.status, sizeof span.status);
  return base::HashBytes64({bytes.data(), bytes.size()});
}

RecentSpans::RecentSpans(std::size_t capacity)
    : generation_capacity_(std::max<std::size_t>(1, capacity / kShards / 2)) {}

bool RecentSpans::Contains(std::uint64_t fingerprint) const {
  const Shard& shard = shards_[fingerprint % kShards];
  base::MutexLock lock(shard.mutex);
  return shard.young.contains(fingerprint) || shard.old.contains(fingerprint);
}

void RecentSpans::Insert(const model::Span& span) {
  const std::uint64_t fingerprint = FingerprintOf(span);
  Shard& shard = shards_[fingerprint % kShards];
  base::MutexLock lock(shard.mutex);
  if (shard.young.size() >= generation_capacity_) {
    shard.old = std::exchange(shard.young, {});
  }
  shard.young.insert(fingerprint);
}

}  // namespace sightline::ingest
