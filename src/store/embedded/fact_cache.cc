// SPDX-License-Identifier: Apache-2.0
#include "store/embedded/fact_cache.h"

namespace sightline::store::embedded {
namespace {

// An estimate of the memory of an entry with its key.
std::size_t BytesOf(const std::string& key, const FactCache::Entry& entry) {
  constexpr std::size_t kEntryBytes = 200;  // Of the lists and maps it is in.
  constexpr std::size_t kShortText = 15;    // So long a text is within its object.
  std::size_t bytes = kEntryBytes + key.size() + entry.groups.size() * sizeof(query::FactGroup);
  for (const query::FactGroup& group : entry.groups) {
    bytes += group.latency.bucket_count() * sizeof(std::int64_t);
    for (const std::string& text : group.keys) {
      bytes += sizeof text + (text.size() > kShortText ? text.size() + 1 : 0);
    }
  }
  return bytes;
}

}  // namespace

FactCache::EntryPtr FactCache::Find(std::string_view key) {
  base::MutexLock lock(mutex_);
  const auto place = places_.find(key);
  if (place == places_.end()) {
    return nullptr;
  }
  kept_.splice(kept_.begin(), kept_, place->second);
  return place->second->entry;
}

void FactCache::Put(const std::string& key, EntryPtr entry) {
  constexpr std::size_t kParts = 4;
  const std::size_t bytes = BytesOf(key, *entry);
  base::MutexLock lock(mutex_);
  if (const auto place = places_.find(key); place != places_.end()) {
    Drop(place->second);
  }
  if (bytes > max_bytes_ / kParts) {
    return;
  }
  while (bytes_ + bytes > max_bytes_) {
    Drop(std::prev(kept_.end()));
  }
  kept_.push_front({.key = key, .entry = std::move(entry), .bytes = bytes});
  places_.emplace(kept_.front().key, kept_.begin());
  bytes_ += bytes;
}

void FactCache::Drop(std::list<Kept>::iterator kept) {
  bytes_ -= kept->bytes;
  places_.erase(kept->key);
  kept_.erase(kept);
}

std::size_t FactCache::bytes() const {
  base::MutexLock lock(mutex_);
  return bytes_;
}

}  // namespace sightline::store::embedded
