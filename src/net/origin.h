// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "net/http.h"

namespace sightline::net {

// Which web pages may use this server. A browser names the page's origin in `Origin`; other clients
// send none and are let through.
//
// Thread: any.
class OriginPolicy {
 public:
  // Origins as a browser writes them ("https://ops.example:8443"), or "*" for any.
  explicit OriginPolicy(std::vector<std::string> allowed) : allowed_(std::move(allowed)) {}

  // True without `Origin`, for the page's own server (`Origin` names what `Host` names), and for
  // the allowed ones.
  bool Allows(const HttpRequest& request) const;

  // True for a request that a page of a foreign origin must not make: one that may change something
  // or opens a WebSocket, and any that the browser says a foreign page makes (Sec-Fetch-Site),
  // since reading may cost much although the page cannot see the answer. Following a link is
  // allowed.
  bool IsForbidden(const HttpRequest& request) const;

  // True when the browser says that a page of another origin makes the request or links to it.
  static bool IsFromForeignPage(const HttpRequest& request);

  // True for the OPTIONS request that a browser sends ahead of a request to a foreign origin.
  static bool IsPreflight(const HttpRequest& request);

  HttpResponse AnswerPreflight(const HttpRequest& request) const;

  // What lets an allowed foreign page read the answer; empty for everyone else.
  HttpHeaders ResponseHeaders(const HttpRequest& request) const;

 private:
  bool Lists(std::string_view origin) const;

  const std::vector<std::string> allowed_;
};

}  // namespace sightline::net
