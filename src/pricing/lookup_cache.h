// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "pricing/price_book.h"

namespace sightline::pricing {

// Recent answers of price books to one thread. A slot holds one name; a new name that falls on the
// same slot takes it, so hostile names cost time but no memory.
//
// Thread: each has its own. Slots of books that are gone are never asked for again.
class LookupCache {
 public:
  class Slot {
   public:
    bool Holds(std::uint64_t book, std::string_view provider, std::string_view model) const {
      return book_ == book && model_ == model && provider_ == provider;
    }

    void Assign(std::uint64_t book, std::string_view provider, std::string_view model,
                ModelPrices prices) {
      book_ = book;
      provider_ = provider;
      model_ = model;
      prices_ = prices;
    }

    const ModelPrices& prices() const { return prices_; }

   private:
    std::uint64_t book_ = 0;  // No book has number 0.
    std::string provider_;
    std::string model_;
    ModelPrices prices_;
  };

  static LookupCache& OfThisThread();

  Slot& SlotOf(std::uint64_t book, std::string_view provider, std::string_view model);

 private:
  // A service uses tens of models, rarely hundreds. With names of usual length this is 50 KB a
  // thread that prices.
  static constexpr std::size_t kSlots = 512;

  std::array<Slot, kSlots> slots_;
};

}  // namespace sightline::pricing
