// SPDX-License-Identifier: Apache-2.0
#include "analytics/error_groups/words.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>
#include <string_view>

#include <boost/unordered/unordered_flat_set.hpp>

#include "base/ascii.h"

namespace sightline::analytics {
namespace {

using WordSet = boost::unordered_flat_set<std::string_view>;

const WordSet& GrammarWords() {
  static const WordSet words = {
      // Articles, pronouns, question words.
      "a", "an", "the", "this", "that", "these", "those", "it", "its", "he", "she", "they", "we",
      "you", "your", "i", "my", "our", "their", "his", "her", "which", "who", "what", "when",
      "where", "why", "how",
      // Conjunctions.
      "and", "or", "but", "nor", "if", "then", "else", "because", "since", "while", "until",
      "unless", "although", "though", "as", "than", "so",
      // Prepositions.
      "of", "in", "on", "at", "by", "for", "from", "to", "with", "without", "within", "into",
      "onto", "over", "under", "about", "above", "below", "between", "through", "during", "before",
      "after", "against", "among", "across", "per", "via", "behind", "beyond", "near", "off", "out",
      "up", "down", "upon", "toward", "towards", "except", "despite", "like",
      // Auxiliary verbs.
      "is", "are", "was", "were", "be", "been", "being", "am", "has", "have", "had", "having", "do",
      "does", "did", "done", "doing", "can", "could", "will", "would", "shall", "should", "may",
      "might", "must", "cannot", "can't", "don't", "doesn't", "didn't", "isn't", "aren't", "wasn't",
      "weren't", "won't", "wouldn't", "couldn't", "shouldn't",
      // Negations, quantities, adverbs.
      "not", "no", "none", "never", "nothing", "nobody", "neither", "any", "some", "all", "both",
      "each", "every", "either", "other", "another", "such", "only", "own", "same", "too", "very",
      "also", "just", "still", "already", "yet", "again", "once", "here", "there", "now", "more",
      "most", "less", "least", "few", "many", "much", "please"};
  return words;
}

const WordSet& OutcomeWords() {
  static const WordSet words = {
      "fail",    "fails",  "failure",     "failures",   "success", "successful", "successfully",
      "error",   "errors", "warning",     "fatal",      "invalid", "illegal",    "valid",
      "missing", "found",  "unknown",     "exist",      "exists",  "available",  "unavailable",
      "unable",  "able",   "unsupported", "ok",         "ready",   "active",     "inactive",
      "alive",   "dead",   "online",      "offline",    "busy",    "idle",       "lost",
      "full",    "empty",  "complete",    "incomplete", "enabled", "disabled",   "start",
      "stop",    "begin",  "end",         "open",       "close",   "read",       "write",
      "send",    "receive"};
  return words;
}

// Ends in -ed or -ing: "filtered", not "red", "speed" or "string".
bool IsVerbForm(std::string_view lower) {
  constexpr std::array<std::string_view, 4> kNouns = {"breed", "speed", "spring", "string"};
  return lower.size() > 4 && (lower.ends_with("ed") || lower.ends_with("ing")) &&
         std::ranges::find(kNouns, lower) == kNouns.end();
}

bool IsUpper(char c) {
  return c >= 'A' && c <= 'Z';
}

bool IsLower(char c) {
  return c >= 'a' && c <= 'z';
}

// A change of case inside: orderAgent, OrderAgent, HTTPError.
bool HasHump(std::string_view word) {
  for (std::size_t i = 1; i < word.size(); ++i) {
    if (!IsUpper(word[i])) {
      continue;
    }
    if (IsLower(word[i - 1])) {
      return true;
    }
    if (IsUpper(word[i - 1]) && i + 1 < word.size() && IsLower(word[i + 1])) {
      return true;
    }
  }
  return false;
}

bool IsLettersAndHyphens(std::string_view word) {
  return !word.empty() && IsLower(base::ToLower(word.front())) &&
         std::ranges::all_of(word, [](char c) { return IsLower(base::ToLower(c)) || c == '-'; });
}

}  // namespace

bool IsAuthorsWord(std::string_view word) {
  const std::string lower = base::ToLower(word);
  return GrammarWords().contains(lower) || OutcomeWords().contains(lower) || IsVerbForm(lower);
}

bool MayBeFreeText(std::string_view word) {
  return IsLettersAndHyphens(word) && std::ranges::none_of(word, IsUpper) && !IsAuthorsWord(word);
}

bool MayBeValue(std::string_view word) {
  return IsLettersAndHyphens(word) && std::ranges::none_of(word.substr(1), IsUpper) &&
         !IsAuthorsWord(word);
}

bool IsCompoundName(std::string_view word) {
  const std::size_t first = word.find_first_not_of('_');
  const std::size_t last = word.find_last_not_of('_');
  if (first == std::string_view::npos) {
    return false;
  }
  const std::string_view inner = word.substr(first, last - first + 1);
  if (inner.find('_') != std::string_view::npos) {
    return std::ranges::any_of(inner, IsLower);
  }
  return HasHump(word) || word.find_first_of("./") != std::string_view::npos;
}

bool IsFunctionName(std::string_view word) {
  return !word.empty() && IsLower(word.front()) && HasHump(word);
}

bool IsErrorClass(std::string_view word) {
  constexpr std::array<std::string_view, 8> kEnds = {"Error",     "Exception", "Warning",   "Fault",
                                                     "Violation", "Failure",   "Interrupt", "Exit"};
  return std::ranges::any_of(kEnds, [word](std::string_view end) { return word.ends_with(end); });
}

bool IsArticle(std::string_view word) {
  return word == "the" || word == "a" || word == "an";
}

}  // namespace sightline::analytics
