// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <utility>

#include "base/mutex.h"
#include "pricing/price_book.h"

namespace sightline::pricing {

// The price book that holds now. Whoever prices takes it once per batch or request and keeps it
// that long; a change of prices puts another book in its place, never a part of one.
//
// Thread: any. Cost of Get: a lock that is held for a copy of a pointer.
class CurrentPrices {
 public:
  explicit CurrentPrices(PriceBook book)
      : book_(std::make_shared<const PriceBook>(std::move(book))) {}

  // Never null.
  std::shared_ptr<const PriceBook> Get() const {
    const base::MutexLock lock(mutex_);
    return book_;
  }

  void Set(PriceBook book) {
    auto next = std::make_shared<const PriceBook>(std::move(book));
    const base::MutexLock lock(mutex_);
    book_.swap(next);
  }

 private:
  mutable base::Mutex mutex_;
  std::shared_ptr<const PriceBook> book_ GUARDED_BY(mutex_);
};

}  // namespace sightline::pricing
