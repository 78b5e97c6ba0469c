// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"
#include "net/http.h"

namespace sightline::net {

struct HttpClientOptions {
  std::chrono::milliseconds connect_timeout{5'000};
  std::chrono::milliseconds total_timeout{30'000};  // Of one exchange.
  std::size_t max_response_bytes = std::size_t{16} * 1024 * 1024;
};

// A small blocking HTTP client on libcurl that keeps its connection between requests. Follows no
// redirects and speaks http and https only.
//
// Thread: one at a time.
class HttpClient {
 public:
  explicit HttpClient(HttpClientOptions options);
  HttpClient(HttpClient&&) noexcept;
  HttpClient& operator=(HttpClient&&) noexcept;
  ~HttpClient();

  // Any HTTP status is a response. kUnavailable: cannot connect, or the connection broke.
  // kDeadlineExceeded: a timeout. kInvalidArgument: bad URL. kResourceExhausted: the answer is too
  // large.
  base::Result<HttpResponse> Post(const std::string& url, const HttpHeaders& headers,
                                  std::string_view body);
  base::Result<HttpResponse> Get(const std::string& url, const HttpHeaders& headers);

 private:
  class Impl;

  std::unique_ptr<Impl> impl_;
};

}  // namespace sightline::net
