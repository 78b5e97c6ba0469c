// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "base/json_quote.h"
#include "base/result.h"
#include "otlp/request.h"

namespace sightline::otlp {

// OTLP values as plain JSON text and back. Integers have no point; doubles always have a point or
// an exponent; NaN and the infinities are {"$double":"NaN"}, bytes are {"$bytes":"<base64>"}, no
// value is null. Writing what was read back gives the same text again. (A map whose only entry is
// named
// "$bytes" or "$double" and holds such a text is the one thing that changes its type on the way.)
// The Append functions make one pass; validating UTF-8 takes a second where text is not ASCII.
//
// Thread: any.

// What had to be changed; only ever set, never reset, by the functions below.
struct JsonMarks {
  bool is_repaired = false;  // Invalid UTF-8 was replaced by U+FFFD.
  bool is_too_deep = false;  // Something nested deeper than kMaxValueDepth was cut to null.
  bool has_repeats = false;  // A key came twice in one map or list; the first value was kept.
};

// Appends a quoted and escaped string.
inline void AppendJsonString(std::string_view text, std::string& out, JsonMarks& marks) {
  marks.is_repaired |= base::AppendJsonString(text, out);
}

void AppendJsonInt(std::int64_t value, std::string& out);
void AppendJsonDouble(double value, std::string& out);

// Appends `{"$bytes":"..."}`.
void AppendJsonBytes(std::string_view bytes, std::string& out);

void AppendJson(const Value& value, std::string& out, JsonMarks& marks);

// Appends the attributes as one object, in their order; of a repeated key the first value.
void AppendJsonObject(std::span<const KeyValue> attributes, std::string& out, JsonMarks& marks);

// Parses JSON text to the bytes of an AnyValue message. Numbers that are written without point and
// exponent and fit 64 bits become integers. Containers deeper than kMaxValueDepth become null.
// Errors: kInvalidArgument when the text is not JSON.
base::Result<std::string> JsonToValue(std::string_view json);

}  // namespace sightline::otlp
