// SPDX-License-Identifier: Apache-2.0
#include "store/embedded/name_grams.h"

#include <string>

namespace sightline::store::embedded {
namespace {

// Calls `visit` for each sequence of three until it returns false.
template <typename Visit>
bool ForEachSequence(std::string_view text, const Visit& visit) {
  std::size_t first = 0;
  std::size_t second = 0;
  for (const char c : text) {
    const std::size_t third = kGramSymbolOf[static_cast<unsigned char>(c)];
    if (first != 0 && second != 0 && third != 0 &&
        !visit((first * kGramSymbols + second) * kGramSymbols + third)) {
      return false;
    }
    first = second;
    second = third;
  }
  return true;
}

}  // namespace

void NameGrams::Add(std::string_view text) {
  const auto set = [&](std::size_t sequence) {
    seen_.set(sequence);
    return true;
  };
  ForEachSequence(text, set);
  if (HasLettersToFold(text)) {
    ForEachSequence(WithFoldedLetters(text), set);
  }
}

bool NameGrams::MayHold(std::string_view sought) const {
  return ForEachSequence(sought, [&](std::size_t sequence) { return seen_.test(sequence); });
}

}  // namespace sightline::store::embedded
