// SPDX-License-Identifier: Apache-2.0
#include "store/embedded/text_grams.h"

#include <algorithm>
#include <cstring>

#include "base/check.h"
#include "store/embedded/gram_symbols.h"

namespace sightline::store::embedded {
namespace {

constexpr std::size_t kHashes = std::size_t{8} * kGramBytes;

// The last four characters of a sequence, the newest in the lowest bits; those before its first
// one are 0.
class Window {
 public:
  // Calls `visit` with the hash of the gram that ends with this character, if one does.
  template <typename Visit>
  void Push(char c, const Visit& visit) {
    const std::uint32_t symbol = kGramSymbolOf[static_cast<std::uint8_t>(c)];
    if (symbol == 0) {
      symbols_ = 0;
      return;
    }
    symbols_ = ((symbols_ << kGramSymbolBits) | symbol) & kFour;
    if (symbols_ >> (3 * kGramSymbolBits) != 0) [[likely]] {
      visit(HashOf(symbols_));
    }
  }

 private:
  static constexpr std::uint32_t kFour = (std::uint32_t{1} << (4 * kGramSymbolBits)) - 1;

  // Stored on disk: never change it. Fibonacci hashing.
  static std::uint16_t HashOf(std::uint32_t gram) {
    return static_cast<std::uint16_t>((gram * std::uint64_t{0x9E3779B97F4A7C15}) >> 49U);
  }

  std::uint32_t symbols_ = 0;
};

static_assert(kHashes == std::size_t{1} << 15U, "a hash has 15 bits");

}  // namespace

GramBuilder::GramBuilder() : seen_(kHashes) {}

void GramBuilder::Add(std::string_view text) {
  Window window;
  std::uint8_t* const seen = seen_.data();
  for (const char c : text) {
    window.Push(c, [seen](std::uint16_t hash) { seen[hash] = 1; });
  }
  if (HasLettersToFold(text)) {
    Add(WithFoldedLetters(text));
  }
}

void GramBuilder::TakeTo(std::string& out) {
  const std::size_t first = out.size();
  out.resize(first + kGramBytes);
  for (std::size_t i = 0; i < kGramBytes; ++i) {
    std::uint64_t eight = 0;
    std::memcpy(&eight, seen_.data() + 8 * i, sizeof eight);
    // Gathers the lowest bits of eight bytes, that of the first byte in the lowest one.
    out[first + i] = static_cast<char>((eight * std::uint64_t{0x0102040810204080}) >> 56U);
  }
  std::fill(seen_.begin(), seen_.end(), std::uint8_t{0});
}

SoughtGrams::SoughtGrams(std::string_view text) {
  Window window;
  for (const char c : text) {
    window.Push(c, [this](std::uint16_t hash) { hashes_.push_back(hash); });
  }
  std::sort(hashes_.begin(), hashes_.end());
  hashes_.erase(std::unique(hashes_.begin(), hashes_.end()), hashes_.end());
}

bool SoughtGrams::MayBeIn(std::string_view bitmap) const {
  DCHECK(bitmap.size() == kGramBytes);
  return std::all_of(hashes_.begin(), hashes_.end(), [&](std::uint16_t hash) {
    return ((static_cast<unsigned>(static_cast<std::uint8_t>(bitmap[hash / 8])) >> (hash % 8U)) &
            1U) != 0;
  });
}

}  // namespace sightline::store::embedded
