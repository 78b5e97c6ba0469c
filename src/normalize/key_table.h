// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "model/kinds.h"
#include "normalize/dialect.h"
#include "normalize/field.h"

namespace sightline::normalize {

// A set of dialects as bits: bit i is the i-th of AllDialects(), so the lowest bit that is set is
// the most telling one.
using DialectBits = std::uint64_t;

// Any key of the GenAI conventions, whatever its generation: weaker than every dialect.
inline constexpr DialectBits kSomeGenAiBit = 1ULL << 63U;

DialectBits BitOf(model::Dialect dialect);

// The most telling dialect of a set, null for the empty set.
const DialectSpec* SpecOf(DialectBits bits);

// Reads the first, the middle and the last eight bytes: known keys differ in at least one of them.
std::uint64_t HashKey(std::string_view key);

// A row of the table and the dialect whose file it is in.
struct TableRule : KeyRule {
  DialectBits owner = 0;  // One bit, also for the files that no dialect is proved by.

  // Whether the rule holds on a span for which `dialects` are proved.
  bool HoldsFor(DialectBits dialects) const {
    return reach == Reach::kEveryone || (owner & dialects) != 0;
  }
};

// What a wire key means: the rules it takes part in and the dialects it proves.
struct KeyMeaning {
  std::span<const TableRule> rules;
  DialectBits proves = 0;
  bool is_known = false;
  bool is_own = false;  // Every rule holds on spans of its own dialect only.
};

// All key rules of all dialects in one hash table: a look-up costs one hash of at most 24 bytes of
// the key and one comparison; a key that only a prefix rule covers costs one more per segment of
// the prefix, an unknown key one more.
//
// Thread: any (immutable).
class KeyTable {
 public:
  KeyTable();

  KeyMeaning Find(std::string_view key) const;

  // Every rule, grouped by key. For tests.
  std::span<const TableRule> rules() const { return rules_; }

 private:
  struct Slot {
    std::string_view key;  // Empty: free.
    std::uint32_t first = 0;
    std::uint32_t count = 0;
    DialectBits proves = 0;
    bool is_path = false;  // Only the beginning of a prefix rule.
    bool is_own = false;
  };

  void Insert(const Slot& slot);
  void InsertPath(std::string_view prefix);
  const Slot* Probe(std::string_view key) const;
  const Slot* ProbePrefixes(std::string_view key) const;

  std::vector<TableRule> rules_;
  std::vector<Slot> slots_;
  std::size_t mask_ = 0;
};

}  // namespace sightline::normalize
