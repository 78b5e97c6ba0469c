// SPDX-License-Identifier: Apache-2.0
#include "net/host.h"

#include <algorithm>
#include <optional>

#include <boost/asio/ip/address.hpp>

#include "net/http.h"

namespace sightline::net {
namespace {

bool IsPort(std::string_view text) {
  return text.size() <= 5 && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

// The host without its port, and without the brackets of an IPv6 address. Empty: not a host.
std::optional<std::string_view> NameOf(std::string_view host) {
  std::size_t end = 0;
  if (host.starts_with('[')) {
    end = host.find(']');
    if (end == std::string_view::npos) {
      return std::nullopt;
    }
    ++end;
  } else {
    end = std::min(host.find(':'), host.size());
  }
  const std::string_view rest = host.substr(end);
  if (end == 0 || (!rest.empty() && (rest.front() != ':' || !IsPort(rest.substr(1))))) {
    return std::nullopt;
  }
  return host.substr(0, end);
}

bool IsAddress(std::string_view name) {
  boost::system::error_code error;
  if (name.starts_with('[')) {
    boost::asio::ip::make_address_v6(std::string(name.substr(1, name.size() - 2)), error);
  } else {
    boost::asio::ip::make_address_v4(std::string(name), error);
  }
  return !error;
}

bool EndsWithIgnoringCase(std::string_view text, std::string_view end) {
  return text.size() >= end.size() &&
         EqualsIgnoringCase(text.substr(text.size() - end.size()), end);
}

}  // namespace

bool HostPolicy::Allows(std::string_view host) const {
  const auto name = NameOf(host);
  if (!name.has_value()) {
    return false;
  }
  std::string_view bare = *name;
  if (bare.ends_with('.')) {
    bare.remove_suffix(1);  // A fully qualified name.
  }
  return IsAddress(*name) || EqualsIgnoringCase(bare, "localhost") ||
         EndsWithIgnoringCase(bare, ".localhost") ||
         std::ranges::any_of(allowed_, [&](const std::string& allowed) {
           return allowed == "*" || EqualsIgnoringCase(allowed, bare);
         });
}

}  // namespace sightline::net
