// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "otlp/decode.h"

namespace sightline::otlp {

// OTLP/JSON to the protobuf bytes of the same request, so that one walker serves both.
//
// Follows the OTLP/JSON rules: keys in lowerCamelCase, unknown ones ignored (their values are only
// checked for balanced brackets), null and absent mean default, ids in hex, 64-bit integers as text
// or number, "NaN" and "Infinity". Beyond them, for sloppy senders: enum names with or without
// prefix and in any case (an unknown name is 0), an intValue that is no 64-bit integer becomes a
// double, lone surrogates pass as bytes that are repaired and counted later.
// An id that is not hex of a whole number of bytes is passed on as bytes of a length that no valid
// id has, so that it is rejected alone. Values nested deeper than kMaxValueDepth + 1 are cut.
// Invalid UTF-8 is repaired, and `*is_repaired` is then set to true if the caller wants to know.
// Errors: kInvalidArgument for malformed JSON and for values of a wrong type.
// Thread: any.
base::Result<std::string> JsonToProtobuf(Signal signal, std::string_view json,
                                         bool* is_repaired = nullptr);

}  // namespace sightline::otlp
