// SPDX-License-Identifier: Apache-2.0
// Internal to net/: includes Asio.
#pragma once

#include <cstdint>
#include <string>

#include <boost/asio/ip/tcp.hpp>

#include "base/result.h"

namespace sightline::net {

// Opens, binds and listens. kInvalidArgument when `address` is neither an IPv4 nor an IPv6 address,
// kUnavailable when it cannot be listened on. `port` 0 takes any free one.
base::Result<void> Listen(boost::asio::ip::tcp::acceptor& acceptor, const std::string& address,
                          std::uint16_t port);

}  // namespace sightline::net
