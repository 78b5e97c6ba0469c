// SPDX-License-Identifier: Apache-2.0
// Free words in the middle of a message: "search for red wine returned nothing". Their number
// differs, so that the tree, which compares messages of equal length, does not see what they have
// in common.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "analytics/error_groups/token.h"

namespace sightline::analytics {

// Tokens [begin, end).
struct WordRun {
  std::size_t begin = 0;
  std::size_t end = 0;

  std::size_t size() const { return end - begin; }

  friend bool operator==(const WordRun&, const WordRun&) = default;
};

// The longest runs of words that may be free text and have at least four words around them. Not
// with the first word, after "]" or after "to": there stands what the message is about.
std::vector<WordRun> RunsOfFreeWords(std::span<const Token> tokens);

// The message with <**> in place of the run.
std::vector<Token> FrameOf(std::span<const Token> tokens, const WordRun& run);

}  // namespace sightline::analytics
