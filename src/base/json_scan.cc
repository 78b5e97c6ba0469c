// SPDX-License-Identifier: Apache-2.0
#include "base/json_scan.h"

#include <charconv>
#include <cstddef>
#include <cstdint>

namespace sightline::base {
namespace {

class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) {}

  bool Take(char c) {
    SkipSpace();
    if (at_ < text_.size() && text_[at_] == c) {
      ++at_;
      return true;
    }
    return false;
  }

  // The raw text of the value that comes next; "" when there is none.
  std::string_view Value() {
    SkipSpace();
    const std::size_t begin = at_;
    int depth = 0;
    while (at_ < text_.size()) {
      const char c = text_[at_];
      if (c == '"') {
        SkipString();
      } else if (c == '{' || c == '[') {
        ++depth;
        ++at_;
        continue;
      } else if (c == '}' || c == ']') {
        if (depth == 0) {
          break;
        }
        --depth;
        ++at_;
      } else if (depth == 0 && (c == ',' || c == ':' || IsSpace(c))) {
        break;
      } else {
        ++at_;
        continue;
      }
      if (depth == 0) {
        break;
      }
    }
    return text_.substr(begin, at_ - begin);
  }

 private:
  static bool IsSpace(char c) { return c == ' ' || c == '\n' || c == '\t' || c == '\r'; }

  void SkipSpace() {
    while (at_ < text_.size() && IsSpace(text_[at_])) {
      ++at_;
    }
  }

  void SkipString() {
    for (++at_; at_ < text_.size(); ++at_) {
      if (text_[at_] == '\\') {
        ++at_;
      } else if (text_[at_] == '"') {
        ++at_;
        return;
      }
    }
    at_ = text_.size();
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

void AppendUtf8(std::string& out, std::uint32_t code_point) {
  if (code_point < 0x80) {
    out.push_back(static_cast<char>(code_point));
  } else if (code_point < 0x800) {
    out.push_back(static_cast<char>(0xC0U | (code_point >> 6U)));
    out.push_back(static_cast<char>(0x80U | (code_point & 0x3FU)));
  } else if (code_point < 0x10000) {
    out.push_back(static_cast<char>(0xE0U | (code_point >> 12U)));
    out.push_back(static_cast<char>(0x80U | ((code_point >> 6U) & 0x3FU)));
    out.push_back(static_cast<char>(0x80U | (code_point & 0x3FU)));
  } else {
    out.push_back(static_cast<char>(0xF0U | (code_point >> 18U)));
    out.push_back(static_cast<char>(0x80U | ((code_point >> 12U) & 0x3FU)));
    out.push_back(static_cast<char>(0x80U | ((code_point >> 6U) & 0x3FU)));
    out.push_back(static_cast<char>(0x80U | (code_point & 0x3FU)));
  }
}

std::uint32_t HexUnit(std::string_view text, std::size_t at) {
  std::uint32_t unit = 0xFFFD;
  if (at + 4 <= text.size()) {
    std::from_chars(text.data() + at, text.data() + at + 4, unit, 16);
  }
  return unit;
}

// Decodes \uXXXX at text[at] (after the u), with its low surrogate if there is one. Returns how
// many bytes it took.
std::size_t AppendUnicodeEscape(std::string& out, std::string_view text, std::size_t at) {
  const std::uint32_t unit = HexUnit(text, at);
  if (unit >= 0xD800 && unit < 0xDC00 && text.substr(at + 4).starts_with("\\u")) {
    const std::uint32_t low = HexUnit(text, at + 6);
    if (low >= 0xDC00 && low < 0xE000) {
      AppendUtf8(out, 0x10000 + ((unit - 0xD800) << 10U) + (low - 0xDC00));
      return 10;
    }
  }
  AppendUtf8(out, unit >= 0xD800 && unit < 0xE000 ? 0xFFFD : unit);
  return 4;
}

char EscapedChar(char c) {
  switch (c) {
    case 'n':
      return '\n';
    case 't':
      return '\t';
    case 'r':
      return '\r';
    case 'b':
      return '\b';
    case 'f':
      return '\f';
    default:
      return c;
  }
}

}  // namespace

void ForEachJsonMember(std::string_view object,
                       const std::function<void(std::string, std::string_view)>& visit) {
  Scanner scanner(object);
  if (!scanner.Take('{') || scanner.Take('}')) {
    return;
  }
  do {
    const std::string_view name = scanner.Value();
    if (name.empty() || name.front() != '"' || !scanner.Take(':')) {
      return;
    }
    const std::string_view value = scanner.Value();
    if (value.empty()) {
      return;
    }
    visit(UnescapeJsonString(name), value);
  } while (scanner.Take(','));
}

void ForEachJsonElement(std::string_view array,
                        const std::function<void(std::string_view)>& visit) {
  Scanner scanner(array);
  if (!scanner.Take('[') || scanner.Take(']')) {
    return;
  }
  do {
    const std::string_view value = scanner.Value();
    if (value.empty()) {
      return;
    }
    visit(value);
  } while (scanner.Take(','));
}

std::string UnescapeJsonString(std::string_view raw) {
  if (raw.size() < 2 || raw.front() != '"' || raw.back() != '"') {
    return {};
  }
  raw = raw.substr(1, raw.size() - 2);
  std::string text;
  text.reserve(raw.size());
  for (std::size_t i = 0; i < raw.size(); ++i) {
    if (raw[i] != '\\' || i + 1 == raw.size()) {
      text.push_back(raw[i]);
      continue;
    }
    ++i;
    if (raw[i] == 'u') {
      i += AppendUnicodeEscape(text, raw, i + 1);
    } else {
      text.push_back(EscapedChar(raw[i]));
    }
  }
  return text;
}

}  // namespace sightline::base
