// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"
#include "otlp/decode.h"

namespace sightline::otlp {

// What reading a JSON body had to leave out or change. Also filled when the body is refused.
struct JsonNotes {
  bool is_repaired = false;  // It was not valid UTF-8.
  // Keys that are not known, outside of spans, log records and metrics.
  std::uint64_t unknown_keys = 0;
};

// OTLP/JSON to the protobuf bytes of the same request, so that one walker serves both.
//
// Follows the OTLP/JSON rules: keys in lowerCamelCase, unknown ones ignored (their values are only
// checked for balanced brackets), null and absent mean default, ids in hex, 64-bit integers as text
// or number, "NaN" and "Infinity". Beyond them, for sloppy senders: keys in any letter case and
// with underscores or hyphens (resource_spans, ResourceSpans), the names that scopes had before
// OTLP 0.15, ids in base64 (told from hex by their length), enum names with or without prefix and
// in any case (an unknown name is 0), an intValue that is no 64-bit integer becomes a double, lone
// surrogates pass as bytes that are repaired and counted later.
// An id that is no hex of a whole number of bytes is passed on as bytes of a length that no valid
// id has, so that it is rejected alone. Values nested deeper than kMaxValueDepth + 1 are cut.
// Errors: kInvalidArgument for malformed JSON, for values of a wrong type, and for a body that
// holds no span, record or metric but something that is not known where these should be. Thread:
// any.
base::Result<std::string> JsonToProtobuf(Signal signal, std::string_view json,
                                         JsonNotes* notes = nullptr);

}  // namespace sightline::otlp
