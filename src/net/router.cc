// SPDX-License-Identifier: Apache-2.0
#include "net/router.h"

#include <algorithm>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "base/check.h"

namespace sightline::net {

std::vector<Router::Segment> Router::ParsePattern(std::string_view pattern) {
  CHECK(pattern.starts_with('/'));
  std::vector<Segment> segments;
  while (!pattern.empty()) {
    pattern.remove_prefix(1);
    const std::string_view text = pattern.substr(0, pattern.find('/'));
    pattern.remove_prefix(text.size());
    if (!text.starts_with('{') || !text.ends_with('}')) {
      segments.push_back({SegmentKind::kLiteral, std::string(text)});
      continue;
    }
    std::string_view name = text.substr(1, text.size() - 2);
    if (name.ends_with("...")) {
      CHECK(pattern.empty());
      name.remove_suffix(3);
      segments.push_back({SegmentKind::kRest, std::string(name)});
    } else {
      segments.push_back({SegmentKind::kParameter, std::string(name)});
    }
  }
  return segments;
}

void Router::Add(std::string_view method, std::string_view pattern, HttpHandler handler) {
  Route route{std::string(method), std::string(pattern), ParsePattern(pattern), std::move(handler)};
  const auto same_shape = [&route](const Route& other) {
    return other.method == route.method && other.segments.size() == route.segments.size() &&
           !IsMoreSpecific(other, route) && !IsMoreSpecific(route, other) &&
           std::ranges::equal(other.segments, route.segments, [](const auto& a, const auto& b) {
             return a.kind == b.kind && (a.kind != SegmentKind::kLiteral || a.text == b.text);
           });
  };
  CHECK(std::ranges::none_of(routes_, same_shape));
  const auto place = std::ranges::find_if(
      routes_, [&route](const Route& other) { return IsMoreSpecific(route, other); });
  routes_.insert(place, std::move(route));
}

bool Router::IsMoreSpecific(const Route& a, const Route& b) {
  return std::ranges::lexicographical_compare(a.segments, b.segments, {}, &Segment::kind,
                                              &Segment::kind);
}

bool Router::Matches(const Route& route, const std::vector<std::string>& path) {
  const bool has_rest = !route.segments.empty() && route.segments.back().kind == SegmentKind::kRest;
  const std::size_t fixed = route.segments.size() - (has_rest ? 1 : 0);
  // "*" has no segments and is no path.
  if (path.empty() || path.size() < fixed || (!has_rest && path.size() != fixed)) {
    return false;
  }
  for (std::size_t i = 0; i < fixed; ++i) {
    const Segment& segment = route.segments[i];
    if (segment.kind == SegmentKind::kLiteral ? segment.text != path[i] : path[i].empty()) {
      return false;
    }
  }
  return true;
}

void Router::Capture(const Route& route, HttpRequest& request) {
  for (std::size_t i = 0; i < route.segments.size(); ++i) {
    const Segment& segment = route.segments[i];
    if (segment.kind == SegmentKind::kParameter) {
      request.path_parameters.push_back({segment.text, request.path_segments[i]});
    } else if (segment.kind == SegmentKind::kRest) {
      std::string rest;
      for (std::size_t j = i; j < request.path_segments.size(); ++j) {
        rest += j > i ? "/" : "";
        rest += request.path_segments[j];
      }
      request.path_parameters.push_back({segment.text, std::move(rest)});
    }
  }
}

const Router::Route* Router::Find(std::string_view method,
                                  const std::vector<std::string>& path) const {
  for (const Route& route : routes_) {
    if (route.method == method && Matches(route, path)) {
      return &route;
    }
  }
  return method == "HEAD" ? Find("GET", path) : nullptr;
}

std::string Router::AllowedMethods(const std::vector<std::string>& path) const {
  std::vector<std::string_view> methods;
  for (const Route& route : routes_) {
    if (Matches(route, path)) {
      methods.emplace_back(route.method);
      if (route.method == "GET") {
        methods.emplace_back("HEAD");
      }
    }
  }
  std::ranges::sort(methods);
  const auto repeated = std::ranges::unique(methods);
  methods.erase(repeated.begin(), repeated.end());
  return fmt::format("{}", fmt::join(methods, ", "));
}

void Router::Handle(HttpRequest request, ResponseSink sink) const {
  if (const Route* route = Find(request.method, request.path_segments)) {
    Capture(*route, request);
    if (check_) {
      if (std::optional<HttpResponse> answer = check_(request, route->pattern)) {
        sink.Answer(std::move(*answer));
        return;
      }
    }
    route->handler(std::move(request), std::move(sink));
    return;
  }
  std::string allowed = AllowedMethods(request.path_segments);
  if (allowed.empty() && fallback_) {
    fallback_(std::move(request), std::move(sink));
    return;
  }
  if (allowed.empty()) {
    sink.Answer(DetailResponse(404, fmt::format("nothing is served at '{}'", request.path)));
    return;
  }
  HttpResponse response = DetailResponse(405, fmt::format("'{}' does not allow {}; it allows {}",
                                                          request.path, request.method, allowed));
  response.headers.Add("Allow", std::move(allowed));
  sink.Answer(std::move(response));
}

}  // namespace sightline::net
