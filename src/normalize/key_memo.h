// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

#include "normalize/key_table.h"

namespace sightline::normalize {

// Remembers what the keys of one request mean and which key followed which: spans of one emitter
// carry the same keys in the same order, so that most look-ups are one comparison. Holds a bounded
// number of keys; further ones go to the table.
//
// Thread: confined. The keys must outlive it.
class KeyMemo {
 public:
  explicit KeyMemo(const KeyTable& table) : table_(&table), entries_(1) {}

  // To be called before the first key of each span, event, scope or resource.
  void Restart() { last_ = 0; }

  KeyMeaning Find(std::string_view key) {
    const Entry& guess = entries_[entries_[last_].next];
    if (guess.key == key && !key.empty()) {
      last_ = entries_[last_].next;
      return guess.meaning;
    }
    return FindAnew(key);
  }

 private:
  // Entry 0 stands for the start; its key is never found.
  struct Entry {
    std::string_view key;
    KeyMeaning meaning;
    std::uint32_t next = 0;
  };

  static constexpr std::uint32_t kMaxEntries = 256;

  KeyMeaning FindAnew(std::string_view key);

  const KeyTable* table_;
  std::vector<Entry> entries_;
  std::array<std::uint16_t, 1024> index_{};  // Open addressing by hash; 0 is free.
  std::uint32_t last_ = 0;
};

}  // namespace sightline::normalize
