// SPDX-License-Identifier: Apache-2.0
#include "pricing/lookup_cache.h"

#include <memory>
#include <string_view>

#include "base/hash.h"

namespace sightline::pricing {

LookupCache& LookupCache::OfThisThread() {
  // On the heap: threads that never price pay one pointer.
  thread_local const std::unique_ptr<LookupCache> kCache = std::make_unique<LookupCache>();
  return *kCache;
}

LookupCache::Slot& LookupCache::SlotOf(std::uint64_t book, std::string_view provider,
                                       std::string_view model) {
  const std::uint64_t seed = base::HashBytes64(provider, book);
  return slots_[base::HashBytes64(model, seed) % kSlots];
}

}  // namespace sightline::pricing
