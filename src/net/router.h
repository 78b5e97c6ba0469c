// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "net/http.h"
#include "net/http_server.h"

namespace sightline::net {

// Chooses a handler by method and path. A pattern is a path whose segments are literal or
// `{name}`, which matches one non-empty segment; a last segment `{name...}` matches the rest,
// also nothing. Literal beats `{name}`, which beats the rest, segment by segment from the left.
// HEAD falls back to GET. Answers 404, and 405 with Allow, as `{"detail": ...}`.
//
// A fallback takes the paths that no pattern matches. Unlike a pattern that matches everything it
// leaves 405 to the paths that exist with another method.
//
// Thread: routes, check and fallback are set before serving; Handle from any thread after that.
class Router {
 public:
  // Precondition: no route of the same method and shape exists.
  void Add(std::string_view method, std::string_view pattern, HttpHandler handler);

  // Answers what no pattern matches, whatever its method, in place of 404.
  void SetFallback(HttpHandler handler) { fallback_ = std::move(handler); }

  // Looks at a request before the handler of the route whose pattern it is given; what it answers
  // is the answer, and the handler is not called.
  using Check = std::function<std::optional<HttpResponse>(const HttpRequest& request,
                                                          std::string_view pattern)>;

  // For all routes; the fallback is not checked.
  void SetCheck(Check check) { check_ = std::move(check); }

  void Handle(HttpRequest request, ResponseSink sink) const;

 private:
  enum class SegmentKind { kLiteral, kParameter, kRest };

  struct Segment {
    SegmentKind kind;
    std::string text;

    friend bool operator==(const Segment&, const Segment&) = default;
  };

  struct Route {
    std::string method;
    std::string pattern;
    std::vector<Segment> segments;
    HttpHandler handler;
  };

  static std::vector<Segment> ParsePattern(std::string_view pattern);
  static bool Matches(const Route& route, const std::vector<std::string>& path);
  static bool IsMoreSpecific(const Route& a, const Route& b);
  static void Capture(const Route& route, HttpRequest& request);

  const Route* Find(std::string_view method, const std::vector<std::string>& path) const;
  std::string AllowedMethods(const std::vector<std::string>& path) const;

  std::vector<Route> routes_;
  HttpHandler fallback_;
  Check check_;
};

}  // namespace sightline::net
