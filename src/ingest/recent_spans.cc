// SPDX-License-Identifier: Apache-2.0
#include "ingest/recent_spans.h"

#include <array>
#include <cstring>
#include <string_view>

#include "base/hash.h"
#include "model/rope.h"

namespace sightline::ingest {

std::uint64_t RecentSpans::IdentityOf(const model::Span& span) {
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

RecentSpans::Fingerprint RecentSpans::FingerprintOf(const model::Span& span,
                                                    std::uint64_t identity) {
  std::uint64_t shape = model::HashRopeShapes(span.content);
  for (const std::string_view text : {span.attributes, span.events}) {
    shape = base::HashBytes64(text, shape);
  }
  return {.identity = identity,
          .version = {
              .shape = static_cast<std::uint32_t>(shape),
              .content = static_cast<std::uint32_t>(base::HashBytes64(span.content, shape)) | 1U}};
}

RecentSpans::RecentSpans(std::size_t capacity) {
  for (std::size_t i = 0; i < kShards; ++i) {
    shards_.push_back(std::make_unique<Shard>(capacity / kShards / 2));
  }
}

void RecentSpans::Prefetch(std::uint64_t identity) const {
  ShardOf(identity).versions.Prefetch(identity);
}

bool RecentSpans::Contains(const Fingerprint& fingerprint) const {
  const Shard& shard = ShardOf(fingerprint.identity);
  base::MutexLock lock(shard.mutex);
  const Version* version = shard.versions.Find(fingerprint.identity);
  return version != nullptr && version->shape == fingerprint.version.shape &&
         (version->content == 0 || version->content == fingerprint.version.content);
}

void RecentSpans::InsertRestored(const model::Span& span) {
  Fingerprint fingerprint = FingerprintOf(span);
  fingerprint.version.content = 0;
  Insert(fingerprint);
}

void RecentSpans::Insert(const Fingerprint& fingerprint) {
  Shard& shard = ShardOf(fingerprint.identity);
  base::MutexLock lock(shard.mutex);
  shard.versions.Insert(fingerprint.identity, fingerprint.version);
}

void RecentSpans::Insert(std::span<const Fingerprint> fingerprints) {
  constexpr std::size_t kAhead = 8;
  for (std::size_t i = 0; i < fingerprints.size(); ++i) {
    if (i + kAhead < fingerprints.size()) {
      Prefetch(fingerprints[i + kAhead].identity);
    }
    Insert(fingerprints[i]);
  }
}

}  // namespace sightline::ingest
