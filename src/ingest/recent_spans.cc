// SPDX-License-Identifier: Apache-2.0
#include "ingest/recent_spans.h"

#include <algorithm>
#include <cstring>
#include <string_view>
#include <utility>

#include "base/hash.h"

namespace sightline::ingest {

RecentSpans::Fingerprint RecentSpans::FingerprintOf(const model::Span& span) {
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
  Fingerprint fingerprint{.identity = base::HashBytes64({bytes.data(), bytes.size()})};
  // Every row that came in has a scope.
  if (!span.scope_attributes.empty()) {
    std::uint64_t content = 0;
    for (const std::string_view text : {span.attributes, span.content, span.events}) {
      content = base::HashBytes64(text, content);
    }
    fingerprint.content = content | 1U;
  }
  return fingerprint;
}

RecentSpans::RecentSpans(std::size_t capacity)
    : generation_capacity_(std::max<std::size_t>(1, capacity / kShards / 2)) {}

bool RecentSpans::Contains(const Fingerprint& fingerprint) const {
  const Shard& shard = shards_[fingerprint.identity % kShards];
  base::MutexLock lock(shard.mutex);
  auto known = shard.young.find(fingerprint.identity);
  if (known == shard.young.end()) {
    known = shard.old.find(fingerprint.identity);
    if (known == shard.old.end()) {
      return false;
    }
  }
  return known->second == 0 || fingerprint.content == 0 || known->second == fingerprint.content;
}

void RecentSpans::Insert(const Fingerprint& fingerprint) {
  Shard& shard = shards_[fingerprint.identity % kShards];
  base::MutexLock lock(shard.mutex);
  if (shard.young.size() >= generation_capacity_) {
    shard.old = std::exchange(shard.young, {});
  }
  shard.young.insert_or_assign(fingerprint.identity, fingerprint.content);
}

}  // namespace sightline::ingest
