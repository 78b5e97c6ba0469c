// SPDX-License-Identifier: Apache-2.0
#include "analytics/error_groups/free_words.h"

#include <algorithm>
#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "analytics/error_groups/words.h"

namespace sightline::analytics {
namespace {

// One more than the tree wants when one word differs.
constexpr std::size_t kMinFrameWords = 4;

bool IsWord(const Token& token) {
  return token.kind == TokenKind::kWord;
}

}  // namespace

std::vector<WordRun> RunsOfFreeWords(std::span<const Token> tokens) {
  const auto words = static_cast<std::size_t>(std::ranges::count_if(tokens, IsWord));
  std::vector<WordRun> runs;
  const auto first_word =
      static_cast<std::size_t>(std::ranges::find_if(tokens, IsWord) - tokens.begin());
  for (std::size_t i = first_word + 1; i < tokens.size(); ++i) {
    WordRun run{.begin = i, .end = i};
    while (run.end < tokens.size() && IsWord(tokens[run.end]) &&
           MayBeFreeText(tokens[run.end].text)) {
      ++run.end;
    }
    const bool is_topic = tokens[i - 1].text == "]" || tokens[i - 1].text == "to";
    if (run.size() > 0 && !is_topic && words - run.size() >= kMinFrameWords) {
      runs.push_back(run);
    }
    i = run.end;
  }
  return runs;
}

std::vector<Token> FrameOf(std::span<const Token> tokens, const WordRun& run) {
  std::vector<Token> frame(tokens.begin(), tokens.begin() + static_cast<std::ptrdiff_t>(run.begin));
  frame.push_back({std::string(kFreeTextText), TokenKind::kFreeText});
  frame.insert(frame.end(), tokens.begin() + static_cast<std::ptrdiff_t>(run.end), tokens.end());
  return frame;
}

}  // namespace sightline::analytics
