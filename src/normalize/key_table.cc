// SPDX-License-Identifier: Apache-2.0
#include "normalize/key_table.h"

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstring>

#include "base/check.h"

namespace sightline::normalize {
namespace {

std::uint64_t LoadWord(const char* from) {
  std::uint64_t word = 0;
  std::memcpy(&word, from, sizeof word);
  return word;
}

// Reads the first, the middle and the last eight bytes: keys differ in at least one of them.
std::uint64_t HashKey(std::string_view key) {
  constexpr std::uint64_t kMix = 0x9E3779B97F4A7C15ULL;
  std::uint64_t hash = key.size() * kMix;
  if (key.size() >= 8) {
    hash ^= LoadWord(key.data());
    hash *= kMix;
    hash ^= LoadWord(key.data() + (key.size() - 8) / 2) + (hash >> 29U);
    hash *= kMix;
    hash ^= LoadWord(key.data() + key.size() - 8) + (hash >> 31U);
  } else {
    std::uint64_t word = 0;
    std::memcpy(&word, key.data(), key.size());
    hash ^= word;
  }
  hash *= kMix;
  return hash ^ (hash >> 32U);
}

bool IsPrefixRule(std::string_view key) {
  return key.ends_with('.');
}

DialectBits ProofsOf(std::string_view key) {
  DialectBits bits = key.starts_with("gen_ai.") ? kSomeGenAiBit : 0;
  const auto all = AllDialects();
  for (std::size_t i = 0; i < all.size(); ++i) {
    for (const std::string_view proof : all[i]->proofs) {
      const bool matches = IsPrefixRule(proof) ? key.starts_with(proof) : key == proof;
      // "gen_ai.prompt." proves Traceloop only with a number behind it, so exact keys below it
      // (gen_ai.prompt.name) prove nothing.
      const bool is_message_prefix = proof == "gen_ai.prompt." || proof == "gen_ai.completion.";
      if (matches && (!is_message_prefix || key == proof)) {
        bits |= 1U << i;
      }
    }
  }
  return bits;
}

bool NumberFollows(std::string_view key, std::size_t at) {
  return at < key.size() && key[at] >= '0' && key[at] <= '9';
}

}  // namespace

DialectBits BitOf(model::Dialect dialect) {
  const auto all = AllDialects();
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (dialect != model::Dialect::kNone && all[i]->dialect == dialect) {
      return 1U << i;
    }
  }
  return 0;
}

const DialectSpec* SpecOf(DialectBits bits) {
  if (bits == 0) {
    return nullptr;
  }
  if (bits == kSomeGenAiBit) {
    return &GenAiSpec();
  }
  return AllDialects()[static_cast<std::size_t>(std::countr_zero(bits))];
}

KeyTable::KeyTable() {
  for (const DialectSpec* spec : AllDialects()) {
    rules_.insert(rules_.end(), spec->keys.begin(), spec->keys.end());
  }
  std::stable_sort(rules_.begin(), rules_.end(),
                   [](const KeyRule& a, const KeyRule& b) { return a.key < b.key; });
  // A quarter full at most: probes hardly ever meet a second key.
  slots_.resize(std::bit_ceil(rules_.size() * 4));
  mask_ = slots_.size() - 1;
  for (std::size_t first = 0; first < rules_.size();) {
    std::size_t end = first;
    while (end < rules_.size() && rules_[end].key == rules_[first].key) {
      ++end;
    }
    Insert({.key = rules_[first].key,
            .first = static_cast<std::uint32_t>(first),
            .count = static_cast<std::uint32_t>(end - first),
            .proves = ProofsOf(rules_[first].key)});
    first = end;
  }
}

void KeyTable::Insert(const Slot& slot) {
  CHECK(!slot.key.empty());
  std::size_t at = HashKey(slot.key) & mask_;
  while (!slots_[at].key.empty()) {
    at = (at + 1) & mask_;
  }
  slots_[at] = slot;
}

const KeyTable::Slot* KeyTable::Probe(std::string_view key) const {
  for (std::size_t at = HashKey(key) & mask_; !slots_[at].key.empty(); at = (at + 1) & mask_) {
    if (slots_[at].key == key) {
      return &slots_[at];
    }
  }
  return nullptr;
}

const KeyTable::Slot* KeyTable::ProbePrefixes(std::string_view key) const {
  // No prefix rule has more than four segments.
  constexpr int kMaxSegments = 4;
  const Slot* best = nullptr;
  std::size_t dot = key.find('.');
  for (int segment = 0; segment < kMaxSegments && dot != std::string_view::npos; ++segment) {
    const Slot* slot = Probe(key.substr(0, dot + 1));
    if (slot != nullptr &&
        (rules_[slot->first].form != Form::kIndexed || NumberFollows(key, dot + 1))) {
      best = slot;
    }
    dot = key.find('.', dot + 1);
  }
  return best;
}

KeyMeaning KeyTable::Find(std::string_view key) const {
  if (key.empty()) {
    return {};
  }
  const Slot* slot = Probe(key);
  if (slot == nullptr) {
    slot = ProbePrefixes(key);
  }
  if (slot == nullptr) {
    return {.proves = key.starts_with("gen_ai.") ? kSomeGenAiBit : 0};
  }
  return {.rules = std::span(rules_).subspan(slot->first, slot->count),
          .proves = slot->proves,
          .is_known = true};
}

}  // namespace sightline::normalize
