// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace sightline::analytics {

enum class TokenKind : std::uint8_t {
  kWord,         // Text that the author of the message wrote, as far as one message can tell.
  kName,         // A compound name (get_order, OrderAgent) that could not be masked.
  kPunctuation,  // One mark, or a run of dots.
  kValue,        // Stands for one value or a list of values.
  kFreeText,     // Stands for all words after the last colon.
  kOpen,         // In a template only: a place where different words have been seen.
};

inline constexpr std::string_view kValueText = "<*>";
inline constexpr std::string_view kFreeTextText = "<**>";

struct Token {
  std::string text;
  TokenKind kind = TokenKind::kWord;

  friend bool operator==(const Token&, const Token&) = default;
};

// The texts, one space between two of them.
std::string JoinTokens(const std::vector<Token>& tokens);

}  // namespace sightline::analytics
