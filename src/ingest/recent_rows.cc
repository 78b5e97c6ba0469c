// SPDX-License-Identifier: Apache-2.0
#include "ingest/recent_rows.h"

#include <array>
#include <cstring>
#include <string>
#include <string_view>

#include "base/hash.h"
#include "model/rope.h"

namespace sightline::ingest {

std::uint64_t RecentRows::IdentityOf(const model::Span& span) {
  std::array<char, 42> bytes{};
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
  const bool has_ended = !span.has_mark(model::Mark::kPlaceholder);
  put(&has_ended, sizeof has_ended);
  return base::HashBytes64({bytes.data(), bytes.size()});
}

RecentRows::Fingerprint RecentRows::FingerprintOf(const model::Span& span, std::uint64_t identity) {
  std::uint64_t shape = model::HashRopeShapes(span.content);
  for (const std::string_view text : {span.attributes, span.events}) {
    shape = base::HashBytes64(text, shape);
  }
  return {.identity = identity,
          .version = {
              .shape = static_cast<std::uint32_t>(shape),
              .content = static_cast<std::uint32_t>(base::HashBytes64(span.content, shape)) | 1U}};
}

RecentRows::Fingerprint RecentRows::FingerprintOf(const model::MetricPoint& point) {
  static thread_local std::string text;
  text.clear();
  model::AppendSeriesIdentity(text, point);
  const auto put = [](const auto& value) {
    text.append(reinterpret_cast<const char*>(&value), sizeof value);
  };
  put(point.time_ns);
  put(point.start_ns);
  const std::uint64_t identity = base::HashBytes64(text);
  text.assign(point.buckets);
  put(point.value);
  put(point.count);
  const std::uint64_t content = base::HashBytes64(text);
  return {.identity = identity,
          .version = {.shape = static_cast<std::uint32_t>(content >> 32U),
                      .content = static_cast<std::uint32_t>(content) | 1U}};
}

std::vector<RecentRows::Fingerprint> RecentRows::FingerprintsOf(const model::Batch& batch) {
  std::vector<Fingerprint> fingerprints;
  fingerprints.reserve(batch.spans.size() + batch.pending.size() + batch.points.size());
  const auto add = [&](const auto& rows) {
    for (const auto& row : rows) {
      fingerprints.push_back(FingerprintOf(row));
    }
  };
  add(batch.spans);
  add(batch.pending);
  add(batch.points);
  return fingerprints;
}

RecentRows::RecentRows(std::size_t capacity) {
  for (std::size_t i = 0; i < kShards; ++i) {
    shards_.push_back(std::make_unique<Shard>(capacity / kShards / 2));
  }
}

void RecentRows::Prefetch(std::uint64_t identity) const {
  ShardOf(identity).versions.Prefetch(identity);
}

bool RecentRows::Contains(const Fingerprint& fingerprint) const {
  const Shard& shard = ShardOf(fingerprint.identity);
  base::MutexLock lock(shard.mutex);
  const Version* version = shard.versions.Find(fingerprint.identity);
  return version != nullptr && version->shape == fingerprint.version.shape &&
         (version->content == 0 || version->content == fingerprint.version.content);
}

void RecentRows::InsertRestored(const model::Batch& batch) {
  for (Fingerprint& fingerprint : FingerprintsOf(batch)) {
    fingerprint.version.content = 0;
    Insert(fingerprint);
  }
}

void RecentRows::Insert(const Fingerprint& fingerprint) {
  Shard& shard = ShardOf(fingerprint.identity);
  base::MutexLock lock(shard.mutex);
  shard.versions.Insert(fingerprint.identity, fingerprint.version);
}

void RecentRows::Insert(std::span<const Fingerprint> fingerprints) {
  constexpr std::size_t kAhead = 8;
  for (std::size_t i = 0; i < fingerprints.size(); ++i) {
    if (i + kAhead < fingerprints.size()) {
      Prefetch(fingerprints[i + kAhead].identity);
    }
    Insert(fingerprints[i]);
  }
}

}  // namespace sightline::ingest
