// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/json_writer.h"

namespace sightline::api {

// Senders cut JSON off in the middle; only what parses may be written as it is.
bool IsJson(std::string_view text);

// True for the text of a JSON object or array.
bool IsStructured(std::string_view text);

// `text` with everything escaped that may not stand in a query.
std::string QueryEscape(std::string_view text);

// How much of a text an answer holds; the rest is behind a content URL.
inline constexpr std::size_t kInlineBytes = std::size_t{16} * 1024;

// Writes bodies short: above `inline_bytes` a value becomes {preview, content_url, size}. The
// allowance shrinks once a response is large, so that a trace of thousands of long turns stays
// readable.
//
// Thread: confined.
class BodyWriter {
 public:
  BodyWriter(std::string_view trace_id, base::JsonWriter& json)
      : trace_id_(trace_id), json_(json) {}

  // `place` is the query of the content URL: "field=input_data".
  void Write(const std::string& span_id, std::string_view text, bool is_json,
             std::string_view place);

 private:
  std::size_t InlineBytes() const;

  std::string trace_id_;
  base::JsonWriter& json_;
};

}  // namespace sightline::api
