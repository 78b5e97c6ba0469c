// SPDX-License-Identifier: Apache-2.0
#include "net/listen.h"

#include <fmt/format.h>

namespace sightline::net {

base::Result<void> Listen(boost::asio::ip::tcp::acceptor& acceptor, const std::string& address,
                          std::uint16_t port) {
  namespace asio = boost::asio;
  boost::system::error_code error;
  const auto parsed = asio::ip::make_address(address, error);
  if (error) {
    return base::Error(
        base::Code::kInvalidArgument,
        fmt::format("cannot listen on '{}': it is neither an IPv4 nor an IPv6 address", address));
  }
  const asio::ip::tcp::endpoint endpoint(parsed, port);
  acceptor.open(endpoint.protocol(), error);
  if (!error) {
    acceptor.set_option(asio::socket_base::reuse_address(true), error);
  }
  if (!error) {
    acceptor.bind(endpoint, error);
  }
  if (!error) {
    acceptor.listen(asio::socket_base::max_listen_connections, error);
  }
  if (error) {
    return base::Error(base::Code::kUnavailable,
                       fmt::format("cannot listen on {}:{}: {}", address, port, error.message()));
  }
  return {};
}

}  // namespace sightline::net
