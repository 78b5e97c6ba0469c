// SPDX-License-Identifier: Apache-2.0
#include "load/text_pool.h"

#include <array>
#include <vector>

#include "load/mix.h"

namespace sightline::load {
namespace {

// With these two numbers 128 KB of text shrink to about two fifths under zstd and gzip, as English
// prose does.
constexpr std::size_t kWords = 20'000;
constexpr double kZipfOffset = 2.7;
constexpr std::size_t kTableSize = std::size_t{1} << 18U;

// One to four syllables; common words are short.
std::string MakeWord(std::uint64_t seed, std::size_t rank) {
  constexpr std::array<std::string_view, 16> kOnsets = {"t", "s", "r",  "n",  "l",  "d",  "m", "p",
                                                        "c", "b", "st", "tr", "pr", "ch", "f", "w"};
  constexpr std::array<std::string_view, 8> kVowels = {"e", "a", "o", "i", "u", "ea", "ou", "io"};
  constexpr std::array<std::string_view, 8> kCodas = {"", "n", "s", "r", "t", "l", "ng", "d"};
  const std::size_t syllables = rank < 60 ? 1 : rank < 2'000 ? 2 : rank < 10'000 ? 3 : 4;
  std::uint64_t bits = Mix(seed, rank);
  std::string word;
  for (std::size_t i = 0; i < syllables; ++i) {
    word.append(kOnsets[bits % kOnsets.size()]);
    word.append(kVowels[(bits >> 4U) % kVowels.size()]);
    word.append(kCodas[(bits >> 7U) % kCodas.size()]);
    bits >>= 10U;
  }
  return word;
}

// Ranks of words, each as often as Zipf's and Mandelbrot's law says: one that is drawn evenly from
// the table is drawn by that law.
std::vector<std::uint16_t> RankTable() {
  double total = 0;
  for (std::size_t rank = 0; rank < kWords; ++rank) {
    total += 1.0 / (static_cast<double>(rank) + kZipfOffset);
  }
  std::vector<std::uint16_t> table;
  double sum = 0;
  for (std::size_t rank = 0; rank < kWords; ++rank) {
    sum += 1.0 / (static_cast<double>(rank) + kZipfOffset);
    const auto end = static_cast<std::size_t>(sum / total * static_cast<double>(kTableSize));
    table.resize(end, static_cast<std::uint16_t>(rank));
  }
  table.resize(kTableSize, 0);
  return table;
}

}  // namespace

TextPool::TextPool(std::uint64_t seed, std::size_t bytes) {
  std::vector<std::string> words;
  for (std::size_t rank = 0; rank < kWords; ++rank) {
    words.push_back(MakeWord(seed, rank));
  }
  const std::vector<std::uint16_t> ranks = RankTable();
  text_.reserve(bytes + 64);
  for (std::uint64_t i = 0; text_.size() < bytes; ++i) {
    const std::uint64_t bits = Mix(~seed, i);
    text_.append(words[ranks[bits % ranks.size()]]);
    const std::uint64_t ending = bits >> 59U;
    text_.append(ending < 2 ? ". " : ending < 4 ? ", " : " ");
  }
  text_.resize(bytes);
}

}  // namespace sightline::load
