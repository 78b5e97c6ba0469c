// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace sightline::net {

// Decodes one chunked body (RFC 9112 section 7.1) as its bytes come. Strict where others are lax:
// each line ends with CRLF, a size is 1 to 16 hexadecimal digits, a line has no control characters.
// Extensions and trailer fields are dropped.
//
// Thread: value.
class ChunkedBody {
 public:
  // Appends to `body` what `bytes` hold of it; returns how many of `bytes` were used, which is all
  // of them unless the body has ended. kInvalidArgument when they are not a chunked body; then
  // nothing more may be fed.
  base::Result<std::size_t> Feed(std::string_view bytes, std::string& body);

  bool is_done() const { return state_ == State::kDone; }

 private:
  enum class State : std::uint8_t { kSizeLine, kData, kDataEnd, kTrailerLine, kDone };

  base::Result<void> EndLine(std::string_view line);
  base::Result<void> ReadSize(std::string_view line);

  State state_ = State::kSizeLine;
  std::uint64_t left_ = 0;  // Of the chunk.
  std::string line_;        // As much of a line as has come, without its end.
  std::size_t trailer_bytes_ = 0;
};

}  // namespace sightline::net
