// SPDX-License-Identifier: Apache-2.0
#include "analytics/error_groups/scanner.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "analytics/error_groups/value_kinds.h"
#include "base/ascii.h"

namespace sightline::analytics {
namespace {

constexpr std::size_t kNone = std::string_view::npos;
// Error texts hold error texts as JSON in strings; three levels are seen, more is not an error
// text.
constexpr int kMaxDepth = 3;
// A word is compared and shown; what is longer is a value that no rule knows.
constexpr std::size_t kMaxWordBytes = 64;

bool IsDigit(char c) {
  return c >= '0' && c <= '9';
}

bool IsUpper(char c) {
  return c >= 'A' && c <= 'Z';
}

bool IsHexDigit(char c) {
  const char lower = base::ToLower(c);
  return IsDigit(c) || (lower >= 'a' && lower <= 'f');
}

bool IsLetter(char c) {
  const char lower = base::ToLower(c);
  return lower >= 'a' && lower <= 'z';
}

bool IsQuote(char c) {
  return c == '"' || c == '\'' || c == '`';
}

// What may stand inside a run of characters that is read as one word.
bool IsRunChar(char c) {
  constexpr std::string_view kInside = "-.@#$%+*/\\&~";
  return IsWordChar(c) || kInside.find(c) != kNone;
}

// Keys of an error object whose values say what went wrong.
bool IsErrorKey(std::string_view key) {
  constexpr std::array<std::string_view, 11> kKeys = {
      "message",     "msg",    "error",  "detail",        "details",
      "description", "reason", "errors", "error_message", "error_description",
      "error_type"};
  return std::ranges::find(kKeys, key) != kKeys.end();
}

// Keys that classify when they stand beside an error key.
bool IsKindKey(std::string_view key) {
  constexpr std::array<std::string_view, 5> kKeys = {"type", "code", "status", "title",
                                                     "error_code"};
  return IsErrorKey(key) || std::ranges::find(kKeys, key) != kKeys.end();
}

bool StartsWithHttpMethod(std::string_view text) {
  constexpr std::array<std::string_view, 7> kMethods = {"GET ",   "POST ", "PUT ",    "DELETE ",
                                                        "PATCH ", "HEAD ", "OPTIONS "};
  return std::ranges::any_of(kMethods,
                             [text](std::string_view method) { return text.starts_with(method); });
}

// Without the backslashes before quotes.
std::string Unescape(std::string_view text) {
  std::string plain;
  plain.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\' && i + 1 < text.size() && IsQuote(text[i + 1])) {
      continue;
    }
    plain += text[i];
  }
  return plain;
}

class Scanner {
 public:
  Scanner(std::string_view text, int depth, std::size_t max_tokens, std::vector<Token>& tokens)
      : text_(text), depth_(depth), max_tokens_(max_tokens), tokens_(tokens) {}

  void Run() {
    while (at_ < text_.size() && tokens_.size() < max_tokens_) {
      Step();
    }
  }

 private:
  void Step() {
    const char c = text_[at_];
    if (base::IsSpace(c) || static_cast<unsigned char>(c) < 0x20) {
      ++at_;
    } else if (IsQuote(c) && !IsAfterWord()) {
      ReadQuoted();
    } else if (c == '{') {
      ReadBrace();
    } else if (!ReadAddress() && !ReadRun()) {
      ReadMark();
    }
  }

  bool IsAfterWord() const { return at_ > 0 && IsWordChar(text_[at_ - 1]); }

  void Add(TokenKind kind, std::string_view text) { tokens_.push_back({std::string(text), kind}); }

  void AddValue() { Add(TokenKind::kValue, kValueText); }

  // Where the quote that begins at `open` ends; kNone if it does not.
  std::size_t ClosingQuote(std::size_t open) {
    const char quote = text_[open];
    std::size_t& searched_from = searched_from_[quote == '"' ? 0 : quote == '\'' ? 1 : 2];
    if (searched_from <= open) {
      return kNone;  // None was found from further left: keeps the scan linear.
    }
    for (std::size_t i = open + 1; i < text_.size(); ++i) {
      if (text_[i] == '\\') {
        ++i;
      } else if (text_[i] == quote && (i + 1 == text_.size() || !IsWordChar(text_[i + 1]))) {
        return i;
      }
    }
    searched_from = open;
    return kNone;
  }

  void ReadQuoted() {
    const std::size_t end = ClosingQuote(at_);
    if (end == kNone) {
      ReadMark();
      return;
    }
    const std::string_view inner = text_.substr(at_ + 1, end - at_ - 1);
    std::size_t after = end + 1;
    while (after < text_.size() && base::IsSpace(text_[after])) {
      ++after;
    }
    if (braces_ > 0 && after < text_.size() && text_[after] == ':') {
      const bool is_word = !inner.empty() && inner.size() <= kMaxWordBytes;
      Add(is_word ? TokenKind::kWord : TokenKind::kValue, is_word ? inner : kValueText);
      Add(TokenKind::kPunctuation, ":");
      key_ = is_word ? base::ToLower(inner) : "";
      at_ = after + 1;
      return;
    }
    const bool says_what_went_wrong = braces_ > 0 && IsKindKey(key_);
    if (depth_ < kMaxDepth && (says_what_went_wrong || StartsWithHttpMethod(inner))) {
      const std::string plain = Unescape(inner);
      Scanner(plain, depth_ + 1, max_tokens_, tokens_).Run();
    } else {
      AddValue();
    }
    at_ = end + 1;
  }

  // JSON objects and Python dicts are read if they describe an error, else they are one value.
  void ReadBrace() {
    std::size_t end = kNone;
    if (braces_ == 0 && IsDataObject(&end)) {
      AddValue();
      at_ = end;
      return;
    }
    ++braces_;
    ReadMark();
  }

  // True for an object with quoted keys, none of which is an error key. `end`: after it, or the end
  // of the text when it is cut off.
  bool IsDataObject(std::size_t* end) {
    std::size_t i = at_ + 1;
    while (i < text_.size() && base::IsSpace(text_[i])) {
      ++i;
    }
    if (i == text_.size() || (!IsQuote(text_[i]) && text_[i] != '}')) {
      return false;
    }
    std::size_t depth = 0;
    for (i = at_; i < text_.size(); ++i) {
      const char c = text_[i];
      if (IsQuote(c) && !(i > 0 && IsWordChar(text_[i - 1]))) {
        const std::size_t close = ClosingQuote(i);
        if (close == kNone) {
          continue;
        }
        if (IsKeyBefore(close + 1) &&
            IsErrorKey(base::ToLower(text_.substr(i + 1, close - i - 1)))) {
          return false;
        }
        i = close;
      } else if (c == '{') {
        ++depth;
      } else if (c == '}' && --depth == 0) {
        *end = i + 1;
        return true;
      }
    }
    *end = text_.size();
    return true;
  }

  bool IsKeyBefore(std::size_t i) const {
    while (i < text_.size() && base::IsSpace(text_[i])) {
      ++i;
    }
    return i < text_.size() && text_[i] == ':';
  }

  bool ReadAddress() {
    if (IsAfterWord()) {
      return false;
    }
    const std::string_view rest = text_.substr(at_);
    const std::size_t length = std::max(UrlLength(rest), ColonAddressLength(rest));
    if (length == 0) {
      return false;
    }
    AddValue();
    at_ += length;
    return true;
  }

  // True if the mark at `i` belongs to the run that began at `begin`: the colons of times and of
  // "host-1:80", the marks inside a path's query, the apostrophe of "can't".
  bool ContinuesRun(std::size_t begin, std::size_t i, bool has_digit) const {
    if (i == begin || i + 1 >= text_.size()) {
      return false;
    }
    const char mark = text_[i];
    const char next = text_[i + 1];
    if (mark == ':' && has_digit && IsHexDigit(next) && IsWordChar(text_[i - 1])) {
      return true;
    }
    constexpr std::string_view kQueryMarks = "?=%:;!";
    if (text_[begin] == '/' && i > begin + 1 && kQueryMarks.find(mark) != kNone) {
      return !base::IsSpace(next);
    }
    return mark == '\'' && IsLetter(next) && IsLetter(text_[i - 1]);
  }

  std::size_t RunEnd() const {
    std::size_t i = at_;
    bool has_digit = false;
    while (i < text_.size()) {
      if (text_[i] == '.' && i + 1 < text_.size() && text_[i + 1] == '.') {
        break;  // "fetch......0": leaders, not a part of the word.
      }
      if (!IsRunChar(text_[i]) && !ContinuesRun(at_, i, has_digit)) {
        break;
      }
      has_digit = has_digit || IsDigit(text_[i]);
      ++i;
    }
    return i;
  }

  bool ReadRun() {
    if (!IsRunChar(text_[at_])) {
      return false;
    }
    const std::size_t end = RunEnd();
    if (end == at_) {
      while (at_ < text_.size() && text_[at_] == '.') {
        ++at_;
      }
      Add(TokenKind::kPunctuation, "..");
      return true;
    }
    const std::string_view run = text_.substr(at_, end - at_);
    const std::string_view word = base::TrimIf(TrimRight(run), [](char c) { return c == '*'; });
    if (std::ranges::none_of(word, IsWordChar)) {
      Add(TokenKind::kPunctuation, run.substr(0, kMaxWordBytes));
    } else if (IsValue(word, end)) {
      AddValue();
    } else {
      Add(TokenKind::kWord, word);
    }
    at_ = end;
    return true;
  }

  // Without the marks that end a sentence or a clause.
  static std::string_view TrimRight(std::string_view run) {
    constexpr std::string_view kMarks = ".*/&";
    while (!run.empty() && kMarks.find(run.back()) != kNone) {
      run.remove_suffix(1);
    }
    while (!run.empty() && (run.front() == '&' || (run.front() == '.' && run.size() > 1 &&
                                                   run[1] != '/' && run[1] != '.'))) {
      run.remove_prefix(1);
    }
    return run;
  }

  bool IsValue(std::string_view word, std::size_t end) const {
    const bool is_after_equals = at_ > 0 && text_[at_ - 1] == '=';
    if (is_after_equals || word.size() > kMaxWordBytes || IsPartOfDate(word, end)) {
      return true;
    }
    return KindOfValue(word) != ValueKind::kNone && !IsStatusCode(word, end);
  }

  bool IsPartOfDate(std::string_view word, std::size_t end) const {
    if (IsTimeZone(word)) {
      return !tokens_.empty() && tokens_.back().kind == TokenKind::kValue;
    }
    const bool is_month = IsMonthName(word);
    if (!is_month && !IsDayName(word)) {
      return false;
    }
    while (end < text_.size() && (text_[end] == ' ' || text_[end] == ',')) {
      ++end;
    }
    if (end < text_.size() && IsDigit(text_[end])) {
      return true;
    }
    std::size_t next_end = end;
    while (next_end < text_.size() && IsLetter(text_[next_end])) {
      ++next_end;
    }
    return !is_month && IsMonthName(text_.substr(end, next_end - end));
  }

  // The text of the token `back` places from the end, in lower case; "" if there is none.
  std::string Before(std::size_t back) const {
    return back <= tokens_.size() ? base::ToLower(tokens_[tokens_.size() - back].text) : "";
  }

  // 100 to 599 where the words around it say that it is the code of a status.
  bool IsStatusCode(std::string_view word, std::size_t end) const {
    if (word.size() != 3 || !std::ranges::all_of(word, IsDigit) || word[0] < '1' || word[0] > '5') {
      return false;
    }
    if (Before(1) == "http") {
      return true;
    }
    const std::size_t skip = Before(1) == ":" ? 1 : 0;
    if (Before(1 + skip) == "code" &&
        (Before(2 + skip) == "error" || Before(2 + skip) == "status")) {
      return true;
    }
    const bool is_first = tokens_.empty() || Before(1) == ":";
    const bool is_failure = word[0] == '4' || word[0] == '5';
    return is_first && is_failure && end + 1 < text_.size() && text_[end] == ' ' &&
           IsUpper(text_[end + 1]);
  }

  void ReadMark() {
    const char c = text_[at_];
    if (c == '}' && braces_ > 0) {
      --braces_;
    } else if (c == ',') {
      key_.clear();
    }
    Add(TokenKind::kPunctuation, text_.substr(at_, 1));
    ++at_;
  }

  const std::string_view text_;
  const int depth_;
  const std::size_t max_tokens_;
  std::vector<Token>& tokens_;
  std::size_t at_ = 0;
  std::size_t braces_ = 0;
  std::string key_;  // The key whose value comes, inside braces.
  // Per kind of quote: from here on there is no closing one.
  std::array<std::size_t, 3> searched_from_ = {kNone, kNone, kNone};
};

}  // namespace

std::vector<Token> ScanMessage(std::string_view message, std::size_t max_tokens) {
  std::vector<Token> tokens;
  Scanner(message, 0, max_tokens, tokens).Run();
  return tokens;
}

}  // namespace sightline::analytics
