// SPDX-License-Identifier: Apache-2.0
#include "net/chunked_body.h"

#include <algorithm>
#include <charconv>
#include <system_error>

#include "net/request_head.h"

namespace sightline::net {
namespace {

// A size with its extensions, or one trailer field.
constexpr std::size_t kMaxLineBytes = 1024;
constexpr std::size_t kMaxTrailerBytes = 8192;
constexpr std::size_t kMaxSizeDigits = 16;

base::Error Bad(std::string_view cause) {
  return {base::Code::kInvalidArgument, "cannot read body: " + std::string(cause)};
}

bool IsHexDigit(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

bool IsControl(char c) {
  return (static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7F;
}

}  // namespace

base::Result<std::size_t> ChunkedBody::Feed(std::string_view bytes, std::string& body) {
  std::size_t used = 0;
  while (used < bytes.size() && !is_done()) {
    if (state_ == State::kData) {
      const std::size_t size =
          static_cast<std::size_t>(std::min<std::uint64_t>(left_, bytes.size() - used));
      body.append(bytes.substr(used, size));
      used += size;
      left_ -= size;
      state_ = left_ == 0 ? State::kDataEnd : State::kData;
      continue;
    }
    const std::size_t end = bytes.find('\n', used);
    line_.append(bytes.substr(used, end - used));  // Up to the end when there is no line feed.
    if (line_.size() > kMaxLineBytes) {
      return Bad("a line of its chunks is too long");
    }
    if (end == std::string_view::npos) {
      return bytes.size();
    }
    used = end + 1;
    if (!line_.ends_with('\r')) {
      return Bad("a line of its chunks does not end with CRLF");
    }
    line_.pop_back();
    if (std::ranges::any_of(line_, IsControl)) {
      return Bad("a line of its chunks has a control character");
    }
    TRY(EndLine(line_));
    line_.clear();
  }
  return used;
}

base::Result<void> ChunkedBody::EndLine(std::string_view line) {
  switch (state_) {
    case State::kSizeLine:
      return ReadSize(line);
    case State::kDataEnd:
      state_ = State::kSizeLine;
      return line.empty() ? base::Result<void>() : Bad("a chunk is longer than its size");
    case State::kTrailerLine:
      trailer_bytes_ += line.size();
      if (line.empty()) {
        state_ = State::kDone;
      } else if (trailer_bytes_ > kMaxTrailerBytes || !IsToken(line.substr(0, line.find(':'))) ||
                 line.find(':') == std::string_view::npos) {
        return Bad("its trailer is not made of fields");
      }
      return {};
    case State::kData:
    case State::kDone:
      return {};  // No lines.
  }
  return {};
}

base::Result<void> ChunkedBody::ReadSize(std::string_view line) {
  const auto digits_end = std::ranges::find_if_not(line, IsHexDigit);
  const auto digits = static_cast<std::size_t>(digits_end - line.begin());
  const std::string_view rest = line.substr(digits);
  if (digits == 0 || digits > kMaxSizeDigits || (!rest.empty() && rest.front() != ';')) {
    return Bad("a chunk has no size");
  }
  std::from_chars(line.data(), line.data() + digits, left_, 16);
  state_ = left_ == 0 ? State::kTrailerLine : State::kData;
  return {};
}

}  // namespace sightline::net
