// SPDX-License-Identifier: Apache-2.0
// Recursive descent over a view; depth is bounded as in ParseJson. Each function leaves `at_` after
// what it has read. A failed text is refused as a whole, so that no function has to undo anything.
#include "normalize/lenient_json.h"

#include <charconv>
#include <cstddef>
#include <cstdint>
#include <string>
#include <system_error>
#include <utility>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/string.hpp>

#include "normalize/quoted_text.h"

namespace sightline::normalize {
namespace {

namespace json = boost::json;

constexpr std::size_t kMaxDepth = 64;

bool IsSpace(char c) {
  return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

bool IsDigit(char c) {
  return c >= '0' && c <= '9';
}

bool IsNameStart(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

json::value TextValue(std::string_view text) {
  return json::string(text.data(), text.size());
}

// What some limits put in the place of what they cut off.
bool IsCutMarker(std::string_view rest) {
  constexpr std::size_t kLongest = 64;
  while (!rest.empty() && IsSpace(rest.front())) {
    rest.remove_prefix(1);
  }
  if (rest.size() > kLongest) {
    return false;
  }
  for (const std::string_view marker :
       {"...", "\u2026", "[trunc", "[TRUNC", "[Trunc", "<trunc", "(trunc", "... [", "[cut"}) {
    if (rest.starts_with(marker)) {
      return true;
    }
  }
  return false;
}

// A member of which half a value would mislead.
bool IsShortName(std::string_view key) {
  return key == "role" || key == "type" || key == "id" || key == "name";
}

class Reader {
 public:
  enum class End : std::uint8_t { kWhole, kCut };

  Reader(std::string_view text, End end) : text_(text), allows_cut_(end == End::kCut) {}

  std::optional<json::value> Read() {
    SkipSpace();
    if (at_ == text_.size() || (text_[at_] != '{' && text_[at_] != '[')) {
      return std::nullopt;
    }
    auto value = ReadValue(0);
    SkipSpace();
    if (has_failed_ || !value || (!is_cut_ && at_ != text_.size()) || is_cut_ != allows_cut_) {
      return std::nullopt;
    }
    if (is_cut_ && members_ == 0) {
      return std::nullopt;
    }
    return value;
  }

 private:
  // Nothing, because of a fault or because the text ends before the value tells anything.
  std::optional<json::value> Fail() {
    if (allows_cut_ && !has_failed_ && (at_ >= text_.size() || IsCutMarker(text_.substr(at_)))) {
      is_cut_ = true;
      at_ = text_.size();
    } else {
      has_failed_ = true;
    }
    return std::nullopt;
  }

  bool stops() const { return has_failed_ || is_cut_; }

  char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }

  void SkipSpace() {
    while (at_ < text_.size() && IsSpace(text_[at_])) {
      ++at_;
    }
  }

  std::optional<json::value> ReadValue(std::size_t depth) {
    SkipSpace();
    if (depth > kMaxDepth) {
      has_failed_ = true;
      return std::nullopt;
    }
    const char c = peek();
    if (c == '{') {
      return ReadObject(depth);
    }
    if (c == '[' || c == '(') {
      return ReadList(c == '[' ? ']' : ')', depth);
    }
    if (c == '"' || c == '\'') {
      const auto text = ReadString();
      return text ? std::optional(TextValue(*text)) : std::nullopt;
    }
    if (IsDigit(c) || c == '-' || c == '+' || c == '.') {
      return ReadNumber();
    }
    if (c == '<') {
      return ReadReference();
    }
    return IsNameStart(c) ? ReadName(depth) : Fail();
  }

  std::optional<json::value> ReadList(char end, std::size_t depth) {
    ++at_;
    json::array list;
    while (true) {
      SkipSpace();
      if (peek() == end) {
        ++at_;
        return list;
      }
      auto element = ReadValue(depth + 1);
      if (element) {
        list.push_back(std::move(*element));
      }
      if (!stops() && !element) {
        return Fail();
      }
      if (!stops()) {
        SkipSpace();
        if (peek() == ',') {
          ++at_;
          continue;
        }
        if (peek() == end) {
          continue;
        }
        Fail();
      }
      return has_failed_ || list.empty() ? std::nullopt : std::optional<json::value>(list);
    }
  }

  std::optional<json::value> ReadObject(std::size_t depth) {
    ++at_;
    json::object map;
    while (true) {
      SkipSpace();
      if (peek() == '}') {
        ++at_;
        return map;
      }
      ReadMember(depth, map);
      if (!stops()) {
        SkipSpace();
        if (peek() == ',') {
          ++at_;
          continue;
        }
        if (peek() == '}') {
          continue;
        }
        Fail();
      }
      return has_failed_ || map.empty() ? std::nullopt : std::optional<json::value>(map);
    }
  }

  void ReadMember(std::size_t depth, json::object& map) {
    std::string key;
    if (IsDigit(peek()) || peek() == '-') {
      const std::size_t start = at_;
      if (!ReadNumber()) {
        return;
      }
      key = text_.substr(start, at_ - start);
    } else if (peek() == '"' || peek() == '\'') {
      const auto text = ReadString();
      if (!text || is_cut_) {
        return;
      }
      key = *text;
    } else {
      Fail();
      return;
    }
    SkipSpace();
    if (peek() != ':') {
      Fail();
      return;
    }
    ++at_;
    auto value = ReadValue(depth + 1);
    if (value && !(is_cut_ && value->is_string() && IsShortName(key))) {
      ++members_;
      map[json::string_view(key.data(), key.size())] = std::move(*value);
    }
  }

  // The text of a string, to the end of the text if that is where it was cut.
  std::optional<std::string> ReadString() {
    QuotedText quoted = ReadQuotedText(text_, at_);
    if (quoted.is_closed) {
      return std::move(quoted.text);
    }
    Fail();
    return is_cut_ ? std::optional(std::move(quoted.text)) : std::nullopt;
  }

  std::optional<json::value> ReadNumber() {
    const std::size_t start = at_;
    if (peek() == '-' || peek() == '+') {
      ++at_;
      if (IsNameStart(peek())) {
        return ReadSignedName(text_[start] == '-');
      }
    }
    while (at_ < text_.size() && (IsDigit(peek()) || peek() == '.' || peek() == 'e' ||
                                  peek() == 'E' || peek() == '+' || peek() == '-')) {
      ++at_;
    }
    if (at_ == text_.size() || (allows_cut_ && IsCutMarker(text_.substr(start)))) {
      return Fail();  // There may have been more digits.
    }
    return ToNumber(text_.substr(start, at_ - start));
  }

  std::optional<json::value> ToNumber(std::string_view digits) {
    if (digits.starts_with('+')) {
      digits.remove_prefix(1);
    }
    const char* end = digits.data() + digits.size();
    std::int64_t integer = 0;
    if (const auto read = std::from_chars(digits.data(), end, integer);
        read.ec == std::errc() && read.ptr == end) {
      return integer;
    }
    double number = 0;
    if (const auto read = std::from_chars(digits.data(), end, number);
        read.ec == std::errc() && read.ptr == end) {
      return number;
    }
    has_failed_ = true;
    return std::nullopt;
  }

  std::string_view TakeName() {
    const std::size_t start = at_;
    while (at_ < text_.size() && (IsNameStart(peek()) || IsDigit(peek()) || peek() == '.')) {
      ++at_;
    }
    return text_.substr(start, at_ - start);
  }

  std::optional<json::value> ReadSignedName(bool is_negative) {
    const std::string_view name = TakeName();
    if (name == "Infinity" || name == "inf") {
      return TextValue(is_negative ? "-Infinity" : "Infinity");
    }
    if (name == "NaN" || name == "nan") {
      return TextValue("NaN");
    }
    return Fail();
  }

  std::optional<json::value> ReadName(std::size_t depth) {
    const std::size_t start = at_;
    const std::string_view name = TakeName();
    if ((name == "b" || name == "u") && (peek() == '"' || peek() == '\'')) {
      const auto text = ReadString();
      return text ? std::optional(TextValue(*text)) : std::nullopt;
    }
    if (name == "true" || name == "True" || name == "false" || name == "False") {
      return name.front() == 't' || name.front() == 'T';
    }
    if (name == "null" || name == "None") {
      return json::value(nullptr);
    }
    if (name == "NaN" || name == "nan" || name == "Infinity" || name == "inf") {
      at_ = start;
      return ReadSignedName(false);
    }
    if (peek() != '(') {
      return Fail();
    }
    if (name.ends_with("Message") || name.ends_with("MessageChunk")) {
      return ReadMessageClass(name, depth);
    }
    return SkipBrackets() ? std::optional(TextValue(text_.substr(start, at_ - start)))
                          : std::nullopt;
  }

  // HumanMessage(content='hi', id='1').
  std::optional<json::value> ReadMessageClass(std::string_view name, std::size_t depth) {
    ++at_;
    name.remove_prefix(name.rfind('.') == std::string_view::npos ? 0 : name.rfind('.') + 1);
    json::object map;
    map["type"] = TextValue(name);
    while (true) {
      SkipSpace();
      if (peek() == ')') {
        ++at_;
        return map;
      }
      const std::string_view key = TakeName();
      if (key.empty() || peek() != '=') {
        Fail();
        return has_failed_ || map.size() == 1 ? std::nullopt : std::optional<json::value>(map);
      }
      ++at_;
      auto value = ReadValue(depth + 1);
      if (value) {
        ++members_;
        map[json::string_view(key.data(), key.size())] = std::move(*value);
      }
      SkipSpace();
      if (!stops() && peek() == ',') {
        ++at_;
      } else if (!stops() && peek() != ')') {
        Fail();
      }
      if (stops()) {
        return has_failed_ ? std::nullopt : std::optional<json::value>(map);
      }
    }
  }

  // The arguments of any other call, whatever they are.
  bool SkipBrackets() {
    std::size_t open = 0;
    while (at_ < text_.size()) {
      const char c = text_[at_];
      if (c == '"' || c == '\'') {
        if (!ReadString()) {
          return false;
        }
        continue;
      }
      ++at_;
      open += c == '(' ? 1U : 0U;
      open -= c == ')' ? 1U : 0U;
      if (open == 0) {
        return true;
      }
    }
    Fail();
    return false;
  }

  // <function f at 0x7f00>, <Color.RED: 1>.
  std::optional<json::value> ReadReference() {
    const std::size_t end = text_.find('>', at_);
    const std::size_t start = at_;
    if (end == std::string_view::npos || !IsNameStart(text_[at_ + 1])) {
      at_ = end == std::string_view::npos ? text_.size() : at_;
      return Fail();
    }
    at_ = end + 1;
    return TextValue(text_.substr(start, at_ - start));
  }

  const std::string_view text_;
  const bool allows_cut_;
  std::size_t at_ = 0;
  std::size_t members_ = 0;
  bool is_cut_ = false;
  bool has_failed_ = false;
};

}  // namespace

std::optional<json::value> ParseLenientJson(std::string_view text) {
  return Reader(text, Reader::End::kWhole).Read();
}

std::optional<json::value> ParseCutJson(std::string_view text) {
  return Reader(text, Reader::End::kCut).Read();
}

}  // namespace sightline::normalize
