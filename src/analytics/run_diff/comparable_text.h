// SPDX-License-Identifier: Apache-2.0
// What of a text is the same in every run: its words without the values that differ by chance.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace sightline::analytics {

// `text` with a mark in the place of each
// - UUID and word of 12 to 128 hexadecimal digits (ids of requests, traces, digests),
// - time of day with its date (RFC 3339, also with a blank instead of the T),
// - word of 20 to 40 letters and digits with at least three of each (ids of tool calls).
// Longer ones are content: encoded files. Bytes that are not UTF-8 may be given. Cost: linear.
std::string ComparableText(std::string_view text);

// The smallest hashes of the three-word sequences of a text (a bottom-k sketch), by which the
// likeness of long texts is estimated.
//
// Thread: value.
struct TextSketch {
  static constexpr std::size_t kSize = 32;
  static constexpr std::size_t kReadBytes = 16384;  // The rest of a text is not looked at.

  std::vector<std::uint64_t> hashes;  // Ascending, different, at most kSize.
};

// Of a text as ComparableText returns it.
TextSketch SketchText(std::string_view text);

// Of any set of hashes; takes the smallest.
TextSketch SketchHashes(std::vector<std::uint64_t> hashes);

// The estimated share of sequences that both have among those that any has (Jaccard), 0 to 1; 1
// when both are empty.
double Likeness(const TextSketch& a, const TextSketch& b);

}  // namespace sightline::analytics
