// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bitset>
#include <cstddef>
#include <string_view>

#include "store/embedded/gram_symbols.h"

namespace sightline::store::embedded {

// Which sequences of three characters (gram_symbols.h) occur in texts: an exact set. Names of runs
// hold many random ids in hexadecimal; these fill only the sequences of their own digits here, and
// would fill all of a hashed set (text_grams.h).
//
// Thread: value.
class NameGrams {
 public:
  void Add(std::string_view text);

  // False: no text that was added matches SearchPattern(`sought`).
  bool MayHold(std::string_view sought) const;

 private:
  static constexpr std::size_t kSequences = std::size_t{kGramSymbols} * kGramSymbols * kGramSymbols;

  std::bitset<kSequences> seen_;
};

}  // namespace sightline::store::embedded
