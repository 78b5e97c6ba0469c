// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <iterator>
#include <list>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "base/mutex.h"

namespace sightline::base {

// Values by key, up to a number of bytes; what nobody used for longest makes room for others. Who
// got a value keeps it however long, also when it is no longer here.
//
// Thread: any.
template <typename Value>
class LruCache {
 public:
  using ValuePtr = std::shared_ptr<const Value>;

  explicit LruCache(std::size_t max_bytes) : max_bytes_(max_bytes) {}

  // Null when there is none.
  ValuePtr Find(std::string_view key) EXCLUDES(mutex_) {
    MutexLock lock(mutex_);
    const auto place = places_.find(key);
    if (place == places_.end()) {
      return nullptr;
    }
    kept_.splice(kept_.begin(), kept_, place->second);
    return place->second->value;
  }

  // Replaces what is there. `bytes` is what the value takes, without its key. What would take more
  // than a quarter of the room is not kept.
  void Put(const std::string& key, ValuePtr value, std::size_t bytes) EXCLUDES(mutex_) {
    constexpr std::size_t kParts = 4;
    bytes += kEntryBytes + key.size();
    MutexLock lock(mutex_);
    if (const auto place = places_.find(key); place != places_.end()) {
      Drop(place->second);
    }
    if (bytes > max_bytes_ / kParts) {
      return;
    }
    while (bytes_ + bytes > max_bytes_) {
      Drop(std::prev(kept_.end()));
    }
    kept_.push_front({.key = key, .value = std::move(value), .bytes = bytes});
    places_.emplace(kept_.front().key, kept_.begin());
    bytes_ += bytes;
  }

  // Keys and what lists and maps take are estimated.
  std::size_t bytes() const EXCLUDES(mutex_) {
    MutexLock lock(mutex_);
    return bytes_;
  }

 private:
  static constexpr std::size_t kEntryBytes = 200;  // Of the lists and maps an entry is in.

  struct Kept {
    std::string key;
    ValuePtr value;
    std::size_t bytes = 0;
  };

  void Drop(typename std::list<Kept>::iterator kept) REQUIRES(mutex_) {
    bytes_ -= kept->bytes;
    places_.erase(kept->key);
    kept_.erase(kept);
  }

  const std::size_t max_bytes_;

  mutable Mutex mutex_;
  std::list<Kept> kept_ GUARDED_BY(mutex_);  // Last used first.
  std::unordered_map<std::string_view, typename std::list<Kept>::iterator> places_
      GUARDED_BY(mutex_);
  std::size_t bytes_ GUARDED_BY(mutex_) = 0;
};

}  // namespace sightline::base
