// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/result.h"

namespace sightline::net {

// How the end of a request's body is found.
struct BodyFraming {
  bool is_chunked = false;
  std::uint64_t length = 0;  // When it is not chunked.

  friend bool operator==(const BodyFraming&, const BodyFraming&) = default;
};

// Where a head ends, as far as its bytes have come.
struct HeadEnd {
  enum class Kind { kIncomplete, kComplete, kBareLineFeed };

  Kind kind = Kind::kIncomplete;
  std::size_t size = 0;  // kComplete: with the empty line.
};

HeadEnd FindHeadEnd(std::string_view bytes);

// Reads how one request is framed, and refuses every head that a proxy or another server might
// frame otherwise: such bytes could hide a second request. `head` is the request line and the
// fields, up to and with the empty line.
//
// kUnimplemented for a transfer coding other than chunked. kInvalidArgument for a request line that
// is not "method target HTTP/1.0" or "HTTP/1.1" with single blanks; control characters, CR or LF
// within a line, folded lines, blanks before a colon; more or fewer than one Host (HTTP/1.0: more);
// a Content-Length that is not one plain number; Transfer-Encoding beside Content-Length, in
// HTTP/1.0 or more than once.
base::Result<BodyFraming> ReadBodyFraming(std::string_view head);

// A token of RFC 9110 section 5.6.2, at least one character.
bool IsToken(std::string_view text);

}  // namespace sightline::net
