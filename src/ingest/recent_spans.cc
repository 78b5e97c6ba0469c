// SPDX-License-Identifier: Apache-2.0
#include "ingest/recent_spans.h"

#include <algorithm>
#include <cstring>
#include <string_view>
#include <utility>

#include "base/hash.h"
#include "model/rope.h"

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
  std::uint64_t shape = model::HashRopeShapes(span.content);
  for (const std::string_view text : {span.attributes, span.events}) {
    shape = base::HashBytes64(text, shape);
  }
  return {.identity = base::HashBytes64({bytes.data(), bytes.size()}),
          .version = {
              .shape = static_cast<std::uint32_t>(shape),
              .content = static_cast<std::uint32_t>(base::HashBytes64(span.content, shape)) | 1U}};
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
  const Version& version = known->second;
  return version.shape == fingerprint.version.shape &&
         (version.content == 0 || version.content == fingerprint.version.content);
}

void RecentSpans::InsertRestored(const model::Span& span) {
  Fingerprint fingerprint = FingerprintOf(span);
  fingerprint.version.content = 0;
  Insert(fingerprint);
}

void RecentSpans::Insert(const Fingerprint& fingerprint) {
  Shard& shard = shards_[fingerprint.identity % kShards];
  base::MutexLock lock(shard.mutex);
  if (shard.young.size() >= generation_capacity_) {
    shard.old = std::exchange(shard.young, {});
  }
  shard.young.insert_or_assign(fingerprint.identity, fingerprint.version);
}

}  // namespace sightline::ingest
