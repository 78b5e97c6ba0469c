// SPDX-License-Identifier: Apache-2.0
#include "model/rope.h"

#include <cstring>

#include "base/hash.h"

namespace sightline::model {
namespace {

// How deep containers are cut. Deeper ones stay inside the body of their parent.
constexpr int kMaxCutDepth = 4;

bool IsSpace(char c) {
  return c == ' ' || c == '\n' || c == '\t' || c == '\r';
}

// False for values that are never searched: true, false, null and empty ones.
bool SaysSomething(std::string_view value) {
  return std::strchr("tfn", value[0]) == nullptr && value != "\"\"" && value != "[]" &&
         value != "{}";
}

// Walks JSON text and emits parts. Not a validator: on anything unexpected it stops cutting, and
// the rest of the text becomes one literal or body, which is still lossless.
class Splitter {
 public:
  Splitter(std::string_view text, std::size_t min_body_bytes, std::vector<TextPart>& parts)
      : text_(text), min_body_bytes_(min_body_bytes), parts_(parts) {}

  void Run() {
    SkipSpace();
    // What does not parse may hold anything.
    has_short_value_ = !Value(0) || has_short_value_;
    Flush(text_.size());
  }

 private:
  // Cuts the value at at_ and leaves at_ after it. False: not JSON as expected; stop cutting.
  bool Value(int depth) {
    if (at_ >= text_.size()) {
      return false;
    }
    switch (text_[at_]) {
      case '[':
        return Array(depth);
      case '{':
        return Object(depth);
      default: {
        const std::size_t begin = at_;
        if (!SkipValue()) {
          return false;
        }
        Emit(begin, at_);
        return true;
      }
    }
  }

  bool Array(int depth) {
    ++at_;
    while (true) {
      SkipSpace();
      if (Take(']')) {
        return true;
      }
      if (at_ >= text_.size()) {
        return false;
      }
      const bool cut_inside = text_[at_] == '[' && depth + 1 < kMaxCutDepth;
      const std::size_t begin = at_;
      if (cut_inside ? !Value(depth + 1) : !SkipValue()) {
        return false;
      }
      if (!cut_inside) {
        Emit(begin, at_);
      }
      SkipSpace();
      if (!Take(',')) {
        return Take(']');
      }
    }
  }

  bool Object(int depth) {
    ++at_;
    while (true) {
      SkipSpace();
      if (Take('}')) {
        return true;
      }
      if (at_ >= text_.size() || text_[at_] != '"' || !SkipValue()) {
        return false;
      }
      SkipSpace();
      if (!Take(':')) {
        return false;
      }
      SkipSpace();
      const std::size_t begin = at_;
      if (depth + 1 < kMaxCutDepth) {
        if (!Value(depth + 1)) {
          return false;
        }
      } else {
        if (!SkipValue()) {
          return false;
        }
        Emit(begin, at_);
      }
      SkipSpace();
      if (!Take(',')) {
        return Take('}');
      }
    }
  }

  // Moves at_ past one whole value without cutting it.
  bool SkipValue() {
    int depth = 0;
    while (at_ < text_.size()) {
      const char c = text_[at_];
      if (c == '"') {
        if (!SkipString()) {
          return false;
        }
      } else if (c == '[' || c == '{') {
        ++depth;
        ++at_;
      } else if (c == ']' || c == '}') {
        if (depth == 0) {
          return false;
        }
        --depth;
        ++at_;
      } else if (depth > 0) {
        ++at_;
        continue;
      } else {
        return SkipScalar();
      }
      if (depth == 0) {
        return true;
      }
    }
    return false;
  }

  bool SkipScalar() {
    const std::size_t begin = at_;
    while (at_ < text_.size() && std::strchr(",]}: \n\t\r", text_[at_]) == nullptr) {
      ++at_;
    }
    return at_ > begin;
  }

  bool SkipString() {
    ++at_;
    while (at_ < text_.size()) {
      const void* quote = std::memchr(text_.data() + at_, '"', text_.size() - at_);
      if (quote == nullptr) {
        return false;
      }
      const auto end = static_cast<std::size_t>(static_cast<const char*>(quote) - text_.data());
      std::size_t backslashes = 0;
      while (end > at_ + backslashes && text_[end - backslashes - 1] == '\\') {
        ++backslashes;
      }
      at_ = end + 1;
      if (backslashes % 2 == 0) {
        return true;
      }
    }
    return false;
  }

  void SkipSpace() {
    while (at_ < text_.size() && IsSpace(text_[at_])) {
      ++at_;
    }
  }

  bool Take(char c) {
    if (at_ < text_.size() && text_[at_] == c) {
      ++at_;
      return true;
    }
    return false;
  }

  void Emit(std::size_t begin, std::size_t end) {
    if (end - begin < min_body_bytes_) {
      has_short_value_ = has_short_value_ || SaysSomething(text_.substr(begin, end - begin));
      return;
    }
    Flush(begin);
    parts_.push_back({.text = text_.substr(begin, end - begin), .is_body = true});
    flushed_ = end;
  }

  // The text between the bodies: brackets and keys. A search looks into bodies only, so it is one
  // as well where it holds values.
  void Flush(std::size_t end) {
    if (end > flushed_) {
      parts_.push_back(
          {.text = text_.substr(flushed_, end - flushed_), .is_body = has_short_value_});
      flushed_ = end;
      has_short_value_ = false;
    }
  }

  std::string_view text_;
  std::size_t min_body_bytes_;
  std::vector<TextPart>& parts_;
  std::size_t at_ = 0;
  std::size_t flushed_ = 0;
  bool has_short_value_ = false;  // Behind flushed_.
};

}  // namespace

void SplitText(std::string_view text, std::size_t min_body_bytes, std::vector<TextPart>& parts) {
  if (text.empty()) {
    return;
  }
  std::size_t first = 0;
  while (first < text.size() && IsSpace(text[first])) {
    ++first;
  }
  const bool looks_like_json = first < text.size() && (text[first] == '[' || text[first] == '{');
  const std::size_t parts_before = parts.size();
  if (looks_like_json) {
    Splitter(text, min_body_bytes, parts).Run();
  }
  // Nothing worth sharing inside: the whole text is one body.
  if (parts.size() - parts_before < 2) {
    parts.resize(parts_before);
    parts.push_back({.text = text, .is_body = true});
  }
}

void AppendRope(std::string& content, const Rope& rope) {
  content.push_back(static_cast<char>(rope.place));
  if (rope.place == RopePlace::kEventAttribute) {
    AppendVarint(content, rope.event);
  }
  AppendText(content, rope.key);
  content.push_back(static_cast<char>(rope.form));
  AppendVarint(content, rope.pieces.size());
  for (const Rope::Piece& piece : rope.pieces) {
    if (piece.body_id != 0) {
      AppendVarint(content, 2 * piece.body_id + 1);
    } else {
      AppendVarint(content, 2 * piece.literal.size());
      content.append(piece.literal);
    }
  }
}

std::optional<std::vector<Rope>> ParseRopes(std::string_view content) {
  std::vector<Rope> ropes;
  VarintReader reader(content);
  while (!reader.done()) {
    Rope rope;
    rope.place = static_cast<RopePlace>(reader.Varint());
    if (rope.place == RopePlace::kEventAttribute) {
      rope.event = static_cast<std::uint32_t>(reader.Varint());
    }
    rope.key = reader.Text();
    rope.form = static_cast<RopeForm>(reader.Varint());
    const std::uint64_t pieces = reader.Varint();
    for (std::uint64_t i = 0; i < pieces && reader.ok(); ++i) {
      const std::uint64_t tag = reader.Varint();
      if ((tag & 1U) != 0) {
        rope.pieces.push_back({.body_id = tag / 2, .literal = {}});
      } else {
        rope.pieces.push_back({.body_id = 0, .literal = reader.Raw(tag / 2)});
      }
    }
    if (!reader.ok() || rope.place > RopePlace::kLogBody || rope.form > RopeForm::kJson) {
      return std::nullopt;
    }
    ropes.push_back(std::move(rope));
  }
  return ropes;
}

std::uint64_t HashRopes(std::string_view content,
                        const std::function<std::uint64_t(std::uint64_t)>& of_body) {
  std::uint64_t hash = content.empty() ? 0 : 1;
  const auto add_number = [&](std::uint64_t number) {
    hash = (hash ^ number) * 0x9E3779B97F4A7C15ULL;
  };
  VarintReader reader(content);
  while (!reader.done()) {
    const std::uint64_t place = reader.Varint();
    add_number(place);
    if (place == static_cast<std::uint64_t>(RopePlace::kEventAttribute)) {
      add_number(reader.Varint());
    }
    hash = base::HashBytes64(reader.Text(), hash);
    add_number(reader.Varint());  // The form.
    const std::uint64_t pieces = reader.Varint();
    add_number(pieces);
    for (std::uint64_t i = 0; i < pieces && reader.ok(); ++i) {
      const std::uint64_t tag = reader.Varint();
      if ((tag & 1U) == 0) {
        hash = base::HashBytes64(reader.Raw(tag / 2), hash);
      } else {
        add_number(of_body(tag / 2));
      }
    }
  }
  return hash;
}

std::uint64_t HashRopeShapes(std::string_view content) {
  return HashRopes(content, [](std::uint64_t) { return std::uint64_t{0}; });
}

void ForEachBodyId(std::string_view content, const std::function<void(std::uint64_t)>& visit) {
  VarintReader reader(content);
  while (!reader.done()) {
    const auto place = static_cast<RopePlace>(reader.Varint());
    if (place == RopePlace::kEventAttribute) {
      reader.Varint();
    }
    reader.Text();
    reader.Varint();
    const std::uint64_t pieces = reader.Varint();
    for (std::uint64_t i = 0; i < pieces && reader.ok(); ++i) {
      const std::uint64_t tag = reader.Varint();
      if ((tag & 1U) != 0) {
        visit(tag / 2);
      } else {
        reader.Raw(tag / 2);
      }
    }
  }
}

}  // namespace sightline::model
