// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <atomic>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <type_traits>
#include <utility>

namespace sightline::base {

// Remembers the newest values under keys that are hashes. Bounded by two generations: entries go
// into the young one; when it is full, what the old one holds is forgotten and the two change
// places. The key of zeros is never remembered.
//
// A generation is one array with open addressing, at most three quarters full. In tables of many
// megabytes a look-up costs what fetching its place from memory costs: Prefetch() starts that while
// there is something else to do.
//
// `Hasher` gives 64 bits of which the highest are evenly distributed. Values are copied bytewise.
//
// Thread: confined, except Prefetch: any.
template <typename Key, typename Value, typename Hasher>
class GenerationMap {
  static_assert(std::is_trivially_copyable_v<Key> && std::is_trivially_copyable_v<Value>);

 public:
  // Entries of one generation, at least 1.
  explicit GenerationMap(std::size_t generation_capacity)
      : generation_capacity_(std::max<std::size_t>(1, generation_capacity)) {}

  GenerationMap(const GenerationMap&) = delete;
  GenerationMap& operator=(const GenerationMap&) = delete;

  // A hint; does not wait.
  void Prefetch(const Key& key) const {
    for (const Place* place : {&young_place_, &old_place_}) {
      const std::uintptr_t begin = place->begin.load(std::memory_order_relaxed);
      // Both may be of different moments: then some other memory is fetched, or nothing.
      const unsigned shift = place->shift.load(std::memory_order_relaxed);
      __builtin_prefetch(
          reinterpret_cast<const void*>(  // NOLINT(performance-no-int-to-ptr): above.
              begin + (Hasher{}(key) >> shift) * sizeof(Entry)));
    }
  }

  // Null if it is not known. Good until the next Insert or Clear.
  const Value* Find(const Key& key) const {
    const Value* found = young_.Find(key);
    return found != nullptr ? found : old_.Find(key);
  }

  // Puts a value in the place of an earlier one.
  void Insert(const Key& key, const Value& value) {
    if (key == Key{}) {
      return;
    }
    if (young_.count >= generation_capacity_) {
      std::swap(young_, old_);
      young_.Clear();
    }
    young_.Insert(key, value);
    Publish();
  }

  // Keeps its memory.
  void Clear() {
    young_.Clear();
    old_.Clear();
  }

  std::size_t size() const { return young_.count + old_.count; }

 private:
  struct Entry {
    Key key{};  // Zeros: free.
    Value value{};
  };

  struct Generation {
    std::unique_ptr<Entry[]> entries;
    std::size_t size = 0;  // Of the array, a power of two.
    unsigned shift = 63;   // What takes a hash to its place.
    std::size_t count = 0;

    Entry* PlaceOf(const Key& key) const {
      std::size_t at = Hasher{}(key) >> shift;
      while (!(entries[at].key == Key{}) && !(entries[at].key == key)) {
        at = (at + 1) & (size - 1);
      }
      return &entries[at];
    }

    const Value* Find(const Key& key) const {
      if (count == 0 || key == Key{}) {
        return nullptr;
      }
      const Entry* entry = PlaceOf(key);
      return entry->key == key ? &entry->value : nullptr;
    }

    void Insert(const Key& key, const Value& value) {
      if (count + 1 > size - size / 4) {
        Grow();
      }
      Entry* entry = PlaceOf(key);
      count += entry->key == key ? 0 : 1;
      *entry = {.key = key, .value = value};
    }

    void Grow() {
      constexpr std::size_t kLeast = 16;
      const std::size_t old_size = std::exchange(size, std::max(kLeast, 2 * size));
      const std::unique_ptr<Entry[]> old_entries =
          std::exchange(entries, std::make_unique<Entry[]>(size));
      shift = 64U - static_cast<unsigned>(std::bit_width(size - 1));
      for (std::size_t i = 0; i < old_size; ++i) {
        if (!(old_entries[i].key == Key{})) {
          *PlaceOf(old_entries[i].key) = old_entries[i];
        }
      }
    }

    void Clear() {
      std::fill_n(entries.get(), size, Entry{});
      count = 0;
    }
  };

  // Where a generation's array is, for Prefetch.
  struct Place {
    std::atomic<std::uintptr_t> begin = 0;
    std::atomic<unsigned> shift = 63;
  };

  void Publish() {
    const auto publish = [](const Generation& generation, Place& place) {
      const auto begin = reinterpret_cast<std::uintptr_t>(generation.entries.get());
      if (place.begin.load(std::memory_order_relaxed) != begin) {
        place.begin.store(begin, std::memory_order_relaxed);
        place.shift.store(generation.shift, std::memory_order_relaxed);
      }
    };
    publish(young_, young_place_);
    publish(old_, old_place_);
  }

  const std::size_t generation_capacity_;
  Generation young_;
  Generation old_;
  Place young_place_;
  Place old_place_;
};

}  // namespace sightline::base
