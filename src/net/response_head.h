// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "net/http.h"

namespace sightline::net {

enum class ConnectionFate { kKeepAlive, kClose };

// What the connection adds to a response of its own accord.
struct ResponseFrame {
  int http_minor = 1;  // Of the request: HTTP/1.<minor>.
  ConnectionFate fate = ConnectionFate::kKeepAlive;
  std::string request_id;
  HttpHeaders cors;
  std::optional<std::size_t> content_length;  // Empty: not known beforehand, see is_chunked.
  bool is_chunked = false;
};

// The status line and header fields, up to and with the empty line. Line breaks and NULs in header
// values become blanks, so that no value can forge a field. Status 1xx, 204 and 304 get no length.
// Every answer gets the fields that keep other sites from using it, and a Content-Security-Policy
// that allows nothing unless `headers` have one.
std::string FormatResponseHead(int status, std::string_view content_type,
                               const HttpHeaders& headers, const ResponseFrame& frame);

}  // namespace sightline::net
