// SPDX-License-Identifier: Apache-2.0
#include "ingest/key_forms.h"

#include <cstddef>

#include "base/hash.h"
#include "base/json_quote.h"
#include "base/utf8.h"
#include "normalize/content_keys.h"

namespace sightline::ingest {

KeyForms::Found KeyForms::FindAgain(std::string_view key) {
  const std::size_t mask = index_.size() - 1;
  std::size_t at = base::HashBytes64(key) & mask;
  while (index_[at] != 0 && entries_[index_[at]].form.key != key) {
    at = (at + 1) & mask;
  }
  if (index_[at] == 0) {
    if (entries_.size() == kMaxEntries) {
      return WorkOut(key);
    }
    Form form{.key = key, .is_content = normalize::IsContentKey(key)};
    member_.clear();
    form.is_repaired = base::AppendJsonString(key, member_);
    member_.push_back(':');
    form.member = arena_.Copy(member_);
    form.text = form.is_repaired ? arena_.Copy(base::RepairUtf8(key)) : key;
    index_[at] = static_cast<std::uint16_t>(entries_.size());
    entries_.push_back({.form = form});
  }
  entries_[last_].next = index_[at];
  last_ = index_[at];
  return Mark(entries_[last_]);
}

// For a key that has no place.
KeyForms::Found KeyForms::WorkOut(std::string_view key) {
  if (seen_list_ != list_) {
    seen_.emplace();
    seen_list_ = list_;
  }
  member_.clear();
  other_.key = key;
  other_.is_content = normalize::IsContentKey(key);
  other_.is_repaired = base::AppendJsonString(key, member_);
  member_.push_back(':');
  other_.member = member_;
  // Ropes keep it as long as the batch.
  other_.text = other_.is_repaired ? arena_.Copy(base::RepairUtf8(key)) : key;
  return {.form = other_, .is_repeat = !seen_->Insert(key)};
}

}  // namespace sightline::ingest
