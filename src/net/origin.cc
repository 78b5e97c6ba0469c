// SPDX-License-Identifier: Apache-2.0
#include "net/origin.h"

#include <algorithm>

namespace sightline::net {
namespace {

bool IsSameOrigin(std::string_view origin, const HttpRequest& request) {
  const auto scheme_end = origin.find("://");
  const auto host = request.headers.Find("Host");
  return scheme_end != std::string_view::npos && host.has_value() &&
         EqualsIgnoringCase(origin.substr(scheme_end + 3), *host);
}

bool IsFollowedLink(const HttpRequest& request) {
  return request.headers.Find("Sec-Fetch-Mode") == "navigate" &&
         request.headers.Find("Sec-Fetch-Dest") == "document";
}

}  // namespace

bool OriginPolicy::Lists(std::string_view origin) const {
  return std::ranges::any_of(allowed_, [origin](const std::string& allowed) {
    return allowed == "*" || EqualsIgnoringCase(allowed, origin);
  });
}

bool OriginPolicy::Allows(const HttpRequest& request) const {
  const auto origin = request.headers.Find("Origin");
  return !origin.has_value() || IsSameOrigin(*origin, request) || Lists(*origin);
}

bool OriginPolicy::IsForbidden(const HttpRequest& request) const {
  const bool only_reads =
      request.method == "GET" || request.method == "HEAD" || request.method == "OPTIONS";
  if ((!only_reads || request.IsWebSocketUpgrade()) && !Allows(request)) {
    return true;
  }
  // A preflight says who asks and is answered with what is allowed; a page without `Origin` loads
  // an image, script or frame.
  return IsFromForeignPage(request) && request.method != "OPTIONS" && !IsFollowedLink(request) &&
         !(request.headers.Find("Origin").has_value() ? Allows(request) : Lists("*"));
}

bool OriginPolicy::IsFromForeignPage(const HttpRequest& request) {
  const auto site = request.headers.Find("Sec-Fetch-Site");
  return site == "cross-site" || site == "same-site";
}

bool OriginPolicy::IsPreflight(const HttpRequest& request) {
  return request.method == "OPTIONS" && request.headers.Find("Origin").has_value() &&
         request.headers.Find("Access-Control-Request-Method").has_value();
}

HttpResponse OriginPolicy::AnswerPreflight(const HttpRequest& request) const {
  HttpResponse response{.status = 204};
  if (!Allows(request)) {
    return response;  // Without the headers below the browser refuses for us.
  }
  response.headers.Add("Access-Control-Allow-Methods", "GET, HEAD, POST, PUT, PATCH, DELETE");
  const auto wanted = request.headers.Find("Access-Control-Request-Headers");
  if (wanted.has_value()) {
    response.headers.Add("Access-Control-Allow-Headers", std::string(*wanted));
  }
  response.headers.Add("Access-Control-Max-Age", "600");
  return response;
}

HttpHeaders OriginPolicy::ResponseHeaders(const HttpRequest& request) const {
  HttpHeaders headers;
  const auto origin = request.headers.Find("Origin");
  if (origin.has_value() && !IsSameOrigin(*origin, request) && Lists(*origin)) {
    headers.Add("Access-Control-Allow-Origin", std::string(*origin));
    headers.Add("Access-Control-Expose-Headers", "X-Request-Id, Retry-After");
    headers.Add("Vary", "Origin");
  }
  return headers;
}

}  // namespace sightline::net
