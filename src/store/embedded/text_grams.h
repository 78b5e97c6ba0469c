// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace sightline::store::embedded {

// Which short sequences of characters occur in some texts, so that a search passes over texts that
// cannot hold what it looks for.
//
// A gram is a sequence of four characters of an alphabet of 37 (gram_symbols.h): ASCII letters,
// digits and the space. A sender writes these as they are in plain text, in JSON and in JSON inside
// JSON, and SearchPattern finds them only so; any other character ends a sequence. The search folds
// letters as RE2 does: U+017F counts as s and U+212A as k.
//
// A set of grams is a bitmap with the bit at a hash of each gram set. A frame of 256 KB of English
// documentation and source code sets 35% of its bits. Of such frames, 19 phrases and words left 20%
// to be read in vain, on average; exact sets of three characters, which take as many bytes, left
// 47%. See docs/adr/0013-grams-of-message-bodies.md.

// Bytes of a bitmap.
inline constexpr std::size_t kGramBytes = 4096;

// Gathers the grams of texts.
//
// Thread: confined. Cost: see bench/gram_benchmark.cc.
class GramBuilder {
 public:
  GramBuilder();

  // No gram reaches from one text into another.
  void Add(std::string_view text);

  // Appends the bitmap of what was added, and forgets it.
  void TakeTo(std::string& out);

 private:
  std::vector<std::uint8_t> seen_;  // By hash: 1 where a gram was seen.
};

// The grams that a text must have for SearchPattern(text) to match in it.
//
// Thread: value.
class SoughtGrams {
 public:
  explicit SoughtGrams(std::string_view text);

  // Whether there is none: nothing can be passed over.
  bool is_empty() const { return hashes_.empty(); }

  // False: no text of the bitmap matches. Precondition: it has kGramBytes bytes.
  bool MayBeIn(std::string_view bitmap) const;

 private:
  std::vector<std::uint16_t> hashes_;
};

}  // namespace sightline::store::embedded
