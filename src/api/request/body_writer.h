// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

#include "api/request/content_place.h"
#include "base/json_writer.h"
#include "normalize/attribute_source.h"

namespace sightline::api {

// Senders cut JSON off in the middle; only what parses may be written as it is.
bool IsJson(std::string_view text);

// How much of a text an answer holds; the rest is at a content URL.
inline constexpr std::size_t kInlineBytes = std::size_t{16} * 1024;

// Beyond so much text an answer keeps only short beginnings of bodies, so that a trace of thousands
// of long turns stays readable.
inline constexpr std::size_t kFullAnswerBytes = std::size_t{16} * 1024 * 1024;

// Writes the bodies of one span or log record, long ones cut unless they are wanted whole: the
// first kInlineBytes are in the answer, the whole is at a content URL.
//
// Thread: confined.
class BodyWriter {
 public:
  enum class Form {
    kText,
    kJson,          // JSON text that is known to be well-formed.
    kIfJson,        // JSON text when it parses, else text.
    kIfStructured,  // The same for objects and arrays only: a bare 5 stays "5".
  };

  enum class Length { kCut, kWhole };

  // `owner_url` is the path of the span or log record.
  BodyWriter(std::string owner_url, base::JsonWriter& json, Length length = Length::kCut)
      : owner_url_(std::move(owner_url)), json_(json), length_(length) {}

  // The value, or {preview, size, content_url} in its place.
  void Write(std::string_view text, Form form, const ContentPlace& place);

  // A field whose value must stay text: null when it is empty; cut when it is long, and then the
  // whole is at `<key>_url`, a field beside it.
  void WriteTextField(std::string_view key, std::string_view text, const ContentPlace& place);

  bool Fits(std::string_view text) const { return text.size() <= InlineBytes(); }

  // preview, size and content_url, inside an object that is open.
  void WriteCutFields(std::string_view text, const ContentPlace& place);

 private:
  std::size_t InlineBytes() const;
  std::string UrlOf(const ContentPlace& place) const;

  const std::string owner_url_;
  base::JsonWriter& json_;
  const Length length_;
};

BodyWriter::Form FormOf(const normalize::SourceAttribute& attribute);

}  // namespace sightline::api
