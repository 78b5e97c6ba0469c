// SPDX-License-Identifier: Apache-2.0
#include "analytics/error_groups/mask.h"

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "analytics/error_groups/scanner.h"
#include "analytics/error_groups/value_kinds.h"
#include "analytics/error_groups/words.h"
#include "base/ascii.h"

namespace sightline::analytics {
namespace {

using Tokens = std::vector<Token>;

// Two words are the least that name a problem without its values: "order not found".
constexpr std::size_t kMinPlainWords = 2;
// Two words and a comma between them may be a sentence, three are a list.
constexpr std::size_t kMinListWords = 3;
// Lists are collapsed after the scan, so it reads more than is kept.
constexpr std::size_t kMaxScannedTokens = 8 * kMaxMaskedTokens;

bool IsMark(const Tokens& tokens, std::size_t i, std::string_view mark) {
  return i < tokens.size() && tokens[i].kind == TokenKind::kPunctuation && tokens[i].text == mark;
}

// "size = 4", "streamType: 3", "name:": a name that says what its value is.
bool IsKey(const Tokens& tokens, std::size_t i) {
  return IsMark(tokens, i + 1, "=") ||
         (IsMark(tokens, i + 1, ":") &&
          (i + 2 >= tokens.size() || tokens[i + 2].kind == TokenKind::kValue));
}

// "KeyError", "OutputParser:": the class of a problem or the part that reports it. "get_order:" and
// "nginx.service:" are names of tools and files.
bool IsTitle(const Tokens& tokens, std::size_t i) {
  if (i > 0) {
    return false;
  }
  const std::string& word = tokens[0].text;
  const bool is_class = word.find('_') == std::string::npos && word != base::ToLower(word);
  return IsErrorClass(word) || (IsMark(tokens, 1, ":") && is_class);
}

// "type: rate_limit_error", "code = invalid_api_key": names of kinds of problems.
bool IsKindOfProblem(const Tokens& tokens, std::size_t i) {
  if (i < 2 || !(IsMark(tokens, i - 1, ":") || IsMark(tokens, i - 1, "="))) {
    return false;
  }
  const std::string key = base::ToLower(tokens[i - 2].text);
  return key == "type" || key == "code" || key == "status" || key == "reason";
}

// "nginx[123]:", the program and its process id.
bool IsProcessTag(const Tokens& tokens) {
  return tokens.size() > 4 && MayBeFreeText(tokens[0].text) && IsMark(tokens, 1, "[") &&
         tokens[2].kind == TokenKind::kValue && IsMark(tokens, 3, "]") && IsMark(tokens, 4, ":");
}

std::size_t CountWords(const Tokens& tokens, std::size_t end) {
  return static_cast<std::size_t>(
      std::count_if(tokens.begin(), tokens.begin() + static_cast<std::ptrdiff_t>(end),
                    [](const Token& token) { return token.kind == TokenKind::kWord; }));
}

void MaskNames(Tokens& tokens) {
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    if (tokens[i].kind == TokenKind::kWord && IsCompoundName(tokens[i].text) && !IsKey(tokens, i) &&
        !IsTitle(tokens, i) && !IsKindOfProblem(tokens, i)) {
      tokens[i].kind = TokenKind::kName;
    }
  }
  if (CountWords(tokens, tokens.size()) < kMinPlainWords) {
    return;
  }
  if (IsProcessTag(tokens) && CountWords(tokens, tokens.size()) > kMinPlainWords) {
    tokens[0] = {std::string(kValueText), TokenKind::kValue};
  }
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    if (tokens[i].kind == TokenKind::kName && !(i == 0 && IsFunctionName(tokens[0].text))) {
      tokens[i] = {std::string(kValueText), TokenKind::kValue};
    }
  }
}

// The number of tokens of the list of words that begins at `begin`: word, comma, word ...
std::size_t WordListLength(const Tokens& tokens, std::size_t begin) {
  std::size_t words = 0;
  std::size_t i = begin;
  while (i < tokens.size() && tokens[i].kind == TokenKind::kWord && MayBeFreeText(tokens[i].text)) {
    ++words;
    if (!IsMark(tokens, i + 1, ",")) {
      break;
    }
    i += 2;
  }
  const std::size_t end = i + 1;
  const bool is_closed = end >= tokens.size() || tokens[end].kind == TokenKind::kPunctuation;
  return words >= kMinListWords && i < tokens.size() && is_closed ? end - begin : 0;
}

Tokens CollapseLists(Tokens tokens) {
  Tokens result;
  result.reserve(tokens.size());
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    // A word before it could be the end of a sentence; a list is announced by a mark.
    const bool is_announced = i > 0 && tokens[i - 1].kind == TokenKind::kPunctuation;
    const std::size_t length = is_announced ? WordListLength(tokens, i) : 0;
    if (length > 0) {
      result.push_back({std::string(kValueText), TokenKind::kValue});
      i += length - 1;
      continue;
    }
    if (tokens[i].kind == TokenKind::kValue) {
      if (!result.empty() && result.back().kind == TokenKind::kValue) {
        continue;
      }
      if (result.size() >= 2 && IsMark(result, result.size() - 1, ",") &&
          result[result.size() - 2].kind == TokenKind::kValue) {
        result.pop_back();
        continue;
      }
    }
    result.push_back(std::move(tokens[i]));
  }
  return result;
}

// How much deeper the text is after this token: 1, -1, or 0 if it is not a bracket.
int BracketDepth(const Token& token) {
  if (token.kind != TokenKind::kPunctuation || token.text.size() != 1) {
    return 0;
  }
  const char mark = token.text.front();
  if (mark == '(' || mark == '[') {
    return 1;
  }
  return mark == ')' || mark == ']' ? -1 : 0;
}

// Marks inside of it say nothing about what the words are.
bool IsPartOfFreeText(const Tokens& tokens, std::size_t i) {
  const Token& token = tokens[i];
  switch (token.kind) {
    case TokenKind::kPunctuation:
      return IsMark(tokens, i, ",") || IsMark(tokens, i, "=") || BracketDepth(token) != 0;
    case TokenKind::kWord:
      return MayBeFreeText(token.text) || IsMark(tokens, i + 1, "=");
    case TokenKind::kName:
    case TokenKind::kValue:
    case TokenKind::kFreeText:
    case TokenKind::kOpen:
      return true;
  }
  return false;
}

void MaskFreeText(Tokens& tokens) {
  std::size_t i = tokens.size();
  int depth = 0;
  while (i > 0 && !IsMark(tokens, i - 1, ":")) {
    --i;
    depth += BracketDepth(tokens[i]);
    if (!IsPartOfFreeText(tokens, i) || depth > 0) {
      return;  // Also for a bracket that is opened here and closed nowhere.
    }
  }
  // Without a colon, without words after it, or inside of brackets.
  if (i == 0 || i == tokens.size() || depth != 0) {
    return;
  }
  const bool is_error_class = i == 2 && IsErrorClass(tokens[0].text);
  if (!is_error_class && CountWords(tokens, i - 1) < kMinPlainWords) {
    return;
  }
  tokens.resize(i);
  tokens.push_back({std::string(kFreeTextText), TokenKind::kFreeText});
}

bool IsDigits(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace

std::string StripStackFrames(std::string_view message) {
  std::string kept;
  bool is_source_line = false;  // The line after Python's 'File "x", line 3' is a line of x.
  for (std::size_t begin = 0; begin <= message.size();) {
    const std::size_t end = std::min(message.find('\n', begin), message.size());
    const std::string_view line = message.substr(begin, end - begin);
    const std::string_view text = base::Trim(line);
    const bool is_indented = !line.empty() && base::IsBlank(line.front());
    const bool is_file = is_indented && text.starts_with("File \"");
    const bool is_frame = is_file || (is_indented && (is_source_line || text.starts_with("at "))) ||
                          text.starts_with("Traceback (most recent call last)") ||
                          (text.starts_with("... ") && text.ends_with(" more") &&
                           IsDigits(text.substr(4, text.size() - 9)));
    is_source_line = is_file || (is_source_line && is_indented);
    if (!is_frame) {
      kept += line;
      kept += '\n';
    }
    begin = end + 1;
  }
  return base::Trim(kept).empty() ? std::string(message) : kept;
}

std::vector<Token> MaskMessage(std::string_view message) {
  message = message.substr(0, kMaxMessageBytes);
  Tokens tokens = message.find('\n') == std::string_view::npos
                      ? ScanMessage(message, kMaxScannedTokens)
                      : ScanMessage(StripStackFrames(message), kMaxScannedTokens);
  MaskNames(tokens);
  tokens = CollapseLists(std::move(tokens));
  tokens.resize(std::min(tokens.size(), kMaxMaskedTokens));
  MaskFreeText(tokens);
  return tokens;
}

}  // namespace sightline::analytics
