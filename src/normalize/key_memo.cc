// SPDX-License-Identifier: Apache-2.0
#include "normalize/key_memo.h"

namespace sightline::normalize {

KeyMeaning KeyMemo::FindAnew(std::string_view key) {
  if (key.empty()) {
    return table_->Find(key);
  }
  const std::size_t mask = index_.size() - 1;
  std::size_t at = HashKey(key) & mask;
  while (index_[at] != 0 && entries_[index_[at]].key != key) {
    at = (at + 1) & mask;
  }
  if (index_[at] == 0) {
    const KeyMeaning meaning = table_->Find(key);
    if (entries_.size() == kMaxEntries) {
      return meaning;
    }
    index_[at] = static_cast<std::uint16_t>(entries_.size());
    entries_.push_back({.key = key, .meaning = meaning});
  }
  entries_[last_].next = index_[at];
  last_ = index_[at];
  return entries_[last_].meaning;
}

}  // namespace sightline::normalize
