// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "normalize/field.h"
#include "normalize/key_memo.h"
#include "normalize/key_table.h"
#include "otlp/request.h"

namespace sightline::normalize {

// The best value found so far for each field, as pointers to attributes of the request.
//
// Thread: value; cheap to make, not to copy.
class Slots {
 public:
  // A value that is collected, not ranked: the part of its key after the rule's prefix.
  struct Extra {
    const TableRule* rule = nullptr;
    const std::string_view* key = nullptr;
    const otlp::Value* value = nullptr;

    std::string_view suffix() const { return key->substr(rule->key.size()); }
  };

  Slots() { ranks_.fill(kNoRank); }

  bool has(Field field) const { return ranks_[Index(field)] != kNoRank; }

  // Precondition: has(field).
  const otlp::Value& value(Field field) const { return *candidates_[Index(field)].value; }

  const TableRule& rule(Field field) const { return *candidates_[Index(field)].rule; }

  // The key of the value as it was sent. Precondition: has(field).
  std::string_view key(Field field) const { return *candidates_[Index(field)].key; }

  // 255 if there is none.
  std::uint8_t rank(Field field) const { return ranks_[Index(field)]; }

  std::span<const Extra> extras() const { return extras_; }

  DialectBits proofs() const { return proofs_; }

  // Takes an attribute by what its key means; a better ranked value replaces a worse one, an equal
  // one stays. Values that count as absent or do not parse as the field asks are passed over. Rules
  // that hold on spans of their own dialect only wait for Settle. The attribute must outlive the
  // slots.
  void Offer(const KeyMeaning& meaning, const otlp::KeyValue& attribute);

  // To be called once, when all attributes were offered and the dialects of the span are known:
  // applies the rules that waited and hold for `dialects`. Keys of which no rule holds are appended
  // to `unmapped` unless it is null.
  void Settle(DialectBits dialects, std::vector<std::string_view>* unmapped);

  // Whether a rule for `field` waits for Settle.
  bool IsWaiting(Field field) const;

 private:
  // Without initialisers: only entries with a rank are ever read.
  struct Candidate {
    const otlp::Value* value;
    const TableRule* rule;
    const std::string_view* key;
  };

  // An attribute of which some rules wait for Settle.
  struct Waiting {
    KeyMeaning meaning;
    const otlp::KeyValue* attribute;
  };

  static constexpr std::uint8_t kNoRank = 255;
  static constexpr std::size_t kMaxExtras = 16;

  void OfferRule(const TableRule& rule, const otlp::KeyValue& attribute);

  DialectBits proofs_ = 0;
  std::array<std::uint8_t, kFieldCount> ranks_;
  std::array<Candidate, kFieldCount> candidates_;
  std::vector<Extra> extras_;
  std::vector<Waiting> waiting_;  // Bounded by the attributes of the span.
};

// Offers all attributes; keys that no rule knows are appended to `unmapped` unless it is null.
// Settle must follow.
void CollectAttributes(KeyMemo& keys, std::span<const otlp::KeyValue> attributes, Slots& slots,
                       std::vector<std::string_view>* unmapped);

}  // namespace sightline::normalize
