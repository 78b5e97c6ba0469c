// SPDX-License-Identifier: Apache-2.0
#include "normalize/key_table.h"

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstring>

#include "base/check.h"
#include "normalize/figure_keys.h"

namespace sightline::normalize {
namespace {

std::uint64_t LoadWord(const char* from) {
  std::uint64_t word = 0;
  std::memcpy(&word, from, sizeof word);
  return word;
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
      // "gen_ai.prompt." proves Traceloop only with a number after it, so exact keys below it
      // (gen_ai.prompt.name) prove nothing.
      const bool is_message_prefix = proof == "gen_ai.prompt." || proof == "gen_ai.completion.";
      if (matches && (!is_message_prefix || key == proof)) {
        bits |= DialectBits{1} << i;
      }
    }
  }
  return bits;
}

bool NumberFollows(std::string_view key, std::size_t at) {
  return at < key.size() && key[at] >= '0' && key[at] <= '9';
}

}  // namespace

std::uint64_t HashKey(std::string_view key) {
  constexpr std::uint64_t kFirst = 0x9E3779B97F4A7C15ULL;
  constexpr std::uint64_t kSecond = 0xC2B2AE3D27D4EB4FULL;
  std::uint64_t left = key.size() * kSecond;
  std::uint64_t right = kFirst;
  if (key.size() >= 8) {
    left ^= LoadWord(key.data());
    right ^= LoadWord(key.data() + key.size() - 8);
    left += std::rotl(LoadWord(key.data() + (key.size() - 8) / 2), 23);
  } else {
    std::uint64_t word = 0;
    std::memcpy(&word, key.data(), key.size());
    left ^= word;
  }
  __extension__ using Wide = unsigned __int128;
  const Wide product = static_cast<Wide>(left) * (right | 1U);
  const std::uint64_t hash =
      static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64U);
  return hash ^ (hash >> 32U);
}

DialectBits BitOf(model::Dialect dialect) {
  const auto all = AllDialects();
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (dialect != model::Dialect::kNone && all[i]->dialect == dialect) {
      return DialectBits{1} << i;
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
  const auto all = AllDialects();
  CHECK(all.size() < 63);
  for (std::size_t i = 0; i < all.size(); ++i) {
    for (const KeyRule& rule : all[i]->keys) {
      rules_.push_back({rule, DialectBits{1} << i});
    }
  }
  std::stable_sort(rules_.begin(), rules_.end(),
                   [](const KeyRule& a, const KeyRule& b) { return a.key < b.key; });
  // A quarter full at most: probes hardly ever meet a second key.
  slots_.resize(std::bit_ceil(rules_.size() * 4));
  mask_ = slots_.size() - 1;
  for (std::size_t first = 0; first < rules_.size();) {
    std::size_t end = first;
    bool is_own = true;
    while (end < rules_.size() && rules_[end].key == rules_[first].key) {
      is_own = is_own && rules_[end].reach == Reach::kOwnDialect;
      ++end;
    }
    Insert({.key = rules_[first].key,
            .first = static_cast<std::uint32_t>(first),
            .count = static_cast<std::uint32_t>(end - first),
            .proves = ProofsOf(rules_[first].key),
            .is_own = is_own});
    first = end;
  }
  for (const KeyRule& rule : rules_) {
    if (IsPrefixRule(rule.key)) {
      InsertPath(rule.key);
    }
  }
}

// Makes the beginnings of a prefix known, so that a look-up can stop where no prefix goes on.
void KeyTable::InsertPath(std::string_view prefix) {
  for (std::size_t dot = prefix.find('.'); dot + 1 < prefix.size();
       dot = prefix.find('.', dot + 1)) {
    const std::string_view path = prefix.substr(0, dot + 1);
    if (Probe(path) == nullptr) {
      Insert({.key = path, .is_path = true});
    }
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
  const Slot* best = nullptr;
  for (std::size_t dot = key.find('.'); dot != std::string_view::npos;
       dot = key.find('.', dot + 1)) {
    const Slot* slot = Probe(key.substr(0, dot + 1));
    if (slot == nullptr) {
      break;
    }
    if (!slot->is_path &&
        (rules_[slot->first].form != Form::kIndexed || NumberFollows(key, dot + 1))) {
      best = slot;
    }
  }
  return best;
}

KeyMeaning KeyTable::Find(std::string_view key) const {
  if (key.empty()) {
    return {};
  }
  const Slot* slot = Probe(key);
  if (slot == nullptr || slot->is_path) {
    slot = ProbePrefixes(key);
    const bool is_only_known = slot == nullptr || rules_[slot->first].field == Field::kKnown;
    const TableRule* figure = is_only_known ? FigureRule(key) : nullptr;
    if (figure != nullptr) {
      const DialectBits some = key.starts_with("gen_ai.") ? kSomeGenAiBit : 0;
      return {
          .rules = {figure, 1}, .proves = slot == nullptr ? some : slot->proves, .is_known = true};
    }
  }
  if (slot == nullptr) {
    return {.proves = key.starts_with("gen_ai.") ? kSomeGenAiBit : 0};
  }
  return {.rules = std::span(rules_).subspan(slot->first, slot->count),
          .proves = slot->proves,
          .is_known = true,
          .is_own = slot->is_own};
}

}  // namespace sightline::normalize
