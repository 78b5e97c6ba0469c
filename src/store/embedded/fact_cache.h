// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/lru_cache.h"
#include "query/fact_query.h"

namespace sightline::store::embedded {

// Sums over facts that are stored, kept for the next who asks. Facts are only ever added to a day,
// with the number of a cut; so what is kept stays right for the day as of that cut, and what came
// after it can be added. The sums that nobody used for longest make room for others.
//
// Thread: any.
class FactCache {
 public:
  // Sums over a day, or over several.
  //
  // Thread: value.
  struct Entry {
    std::int64_t cut_number = 0;  // Facts up to this cut are in it.
    std::int64_t rows = 0;        // That is, the first so many rows of the table of facts.
    std::vector<query::FactGroup> groups;
  };

  using EntryPtr = std::shared_ptr<const Entry>;

  explicit FactCache(std::size_t max_bytes) : kept_(max_bytes) {}

  // Null when there is none.
  EntryPtr Find(std::string_view key) { return kept_.Find(key); }

  // Replaces what is there. What would take more than a quarter of the room is not kept.
  void Put(const std::string& key, EntryPtr entry);

  std::size_t bytes() const { return kept_.bytes(); }

 private:
  base::LruCache<Entry> kept_;
};

}  // namespace sightline::store::embedded
