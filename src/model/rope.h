// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/varint.h"

namespace sightline::model {

// Large attribute values are stored as ropes: a sequence of pieces, each a literal text or the id
// of a body in the content store. Joined in order the pieces give the original bytes, so nothing
// has to be parsed to rebuild a value. Each turn of an agent repeats its whole history; cut at the
// elements of JSON arrays, the repeated messages become repeated ids.
//
// Layout of Span::content: for each rope until the end: place (RopePlace, 1 byte), index of the
// event (varint, event attributes only), key (length and bytes), form (RopeForm, 1 byte), number of
// pieces, and per piece a varint 2 * n + 1 for body n, or 2 * length and the literal bytes.

// Where the value belongs.
enum class RopePlace : std::uint8_t { kAttribute = 0, kEventAttribute = 1, kLogBody = 2 };

// What the joined pieces are.
enum class RopeForm : std::uint8_t {
  kString = 0,  // The text of a string value.
  kJson = 1,    // The JSON text of a structured value.
};

struct Rope {
  RopePlace place = RopePlace::kAttribute;
  std::uint32_t event = 0;
  std::string_view key;
  RopeForm form = RopeForm::kString;

  struct Piece {
    std::uint64_t body_id = 0;  // 0: a literal.
    std::string_view literal;
  };

  std::vector<Piece> pieces;
};

// A part of a text: `is_body` where it should be stored once and shared.
struct TextPart {
  std::string_view text;
  bool is_body = false;
};

// Cuts a text into parts whose concatenation is the text. JSON arrays are cut into their elements
// and objects into the values of their members, down to a fixed depth; anything else, and anything
// that does not look like JSON, is one body. Elements and values shorter than `min_body_bytes` are
// not cut out, but what remains between the cuts is a body, too, if it holds any: every value of
// the text is in some body. One pass, no allocation but `parts`.
void SplitText(std::string_view text, std::size_t min_body_bytes, std::vector<TextPart>& parts);

// Appends one rope to `content`. Body pieces are given by id, literals by text.
void AppendRope(std::string& content, const Rope& rope);

// Every rope of a content column, in order. Empty when the bytes are malformed.
std::optional<std::vector<Rope>> ParseRopes(std::string_view content);

// A hash of all that a content column says, where `of_body(id)` stands for each body. The ids say
// nothing: the same body may have another one when it comes again.
std::uint64_t HashRopes(std::string_view content,
                        const std::function<std::uint64_t(std::uint64_t)>& of_body);

// The same without the bodies: where values belong and what is written out.
std::uint64_t HashRopeShapes(std::string_view content);

// Calls `visit(id)` for each body id in a content column; stops at malformed bytes.
void ForEachBodyId(std::string_view content, const std::function<void(std::uint64_t)>& visit);

}  // namespace sightline::model
