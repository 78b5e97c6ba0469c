// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/arena.h"
#include "otlp/seen_keys.h"

namespace sightline::ingest {

// What the attribute keys of one request are in stored rows. Spans of one emitter carry the same
// keys in the same order: each is checked and quoted once, then found by one comparison. Holds a
// bounded number of keys; further ones are worked out again each time.
//
// Thread: confined. Keys and arena must outlive it.
class KeyForms {
 public:
  struct Form {
    std::string_view key;     // As it was sent.
    std::string_view text;    // Valid UTF-8.
    std::string_view member;  // `"key":`
    bool is_repaired = false;
    bool is_content = false;  // See normalize::IsContentKey.
  };

  struct Found {
    const Form& form;  // Valid until the next call.
    bool is_repeat;    // The list has had it.
  };

  explicit KeyForms(base::Arena& arena) : arena_(arena), entries_(1) {}

  // Before the first key of each list of attributes.
  void StartList() {
    ++list_;
    last_ = 0;
  }

  Found Find(std::string_view key) {
    const std::uint32_t next = entries_[last_].next;
    Entry& guess = entries_[next];
    if (next != 0 && guess.form.key == key) {
      last_ = next;
      return Mark(guess);
    }
    return FindAgain(key);
  }

 private:
  static constexpr std::uint32_t kMaxEntries = 256;

  struct Entry {
    Form form;
    std::uint32_t list = 0;  // The last one that it was in.
    std::uint32_t next = 0;  // The entry that followed.
  };

  Found Mark(Entry& entry) {
    const bool is_repeat = entry.list == list_;
    entry.list = list_;
    return {.form = entry.form, .is_repeat = is_repeat};
  }

  Found FindAgain(std::string_view key);
  Found WorkOut(std::string_view key);

  base::Arena& arena_;
  std::vector<Entry> entries_;               // The first one stands for the start of a list.
  std::array<std::uint16_t, 1024> index_{};  // Open addressing; 0 is free.
  std::uint32_t last_ = 0;
  std::uint32_t list_ = 0;
  // For keys that have no place.
  std::optional<otlp::SeenKeys> seen_;
  std::uint32_t seen_list_ = 0;
  Form other_;
  std::string member_;  // Scratch.
};

}  // namespace sightline::ingest
