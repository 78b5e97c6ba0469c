// SPDX-License-Identifier: Apache-2.0
#include "store/embedded/fact_cache.h"

#include <utility>

namespace sightline::store::embedded {
namespace {

// An estimate of the memory of an entry.
std::size_t BytesOf(const FactCache::Entry& entry) {
  constexpr std::size_t kShortText = 15;  // So long a text is within its object.
  std::size_t bytes = entry.groups.size() * sizeof(query::FactGroup);
  for (const query::FactGroup& group : entry.groups) {
    bytes += group.latency.bucket_count() * sizeof(std::int64_t);
    for (const std::string& text : group.keys) {
      bytes += sizeof text + (text.size() > kShortText ? text.size() + 1 : 0);
    }
  }
  return bytes;
}

}  // namespace

void FactCache::Put(const std::string& key, EntryPtr entry) {
  const std::size_t bytes = BytesOf(*entry);
  kept_.Put(key, std::move(entry), bytes);
}

}  // namespace sightline::store::embedded
