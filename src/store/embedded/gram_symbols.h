// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace sightline::store::embedded {

// The alphabet of grams (text_grams.h, name_grams.h): space, digits and ASCII letters, small for
// capital ones, are numbers from 1 to 37; 0 is any other byte. Stored on disk: never change it.
inline constexpr unsigned kGramSymbols = 38;
inline constexpr unsigned kGramSymbolBits = 6;

constexpr std::array<std::uint8_t, 256> MakeGramSymbols() {
  std::array<std::uint8_t, 256> symbols{};
  std::uint8_t next = 1;
  symbols[' '] = next++;
  for (std::size_t c = '0'; c <= '9'; ++c) {
    symbols[c] = next++;
  }
  for (std::size_t c = 'a'; c <= 'z'; ++c) {
    symbols[c] = next;
    symbols[c - 'a' + 'A'] = next++;
  }
  return symbols;
}

inline constexpr std::array<std::uint8_t, 256> kGramSymbolOf = MakeGramSymbols();

// Whether the text holds U+017F or U+212A, which a search takes for s and k.
bool HasLettersToFold(std::string_view text);

// The text with s and k in their place.
std::string WithFoldedLetters(std::string_view text);

}  // namespace sightline::store::embedded
