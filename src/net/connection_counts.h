// SPDX-License-Identifier: Apache-2.0
// Internal to net/: includes Asio.
#pragma once

#include <cstddef>
#include <string>
#include <unordered_map>

#include <boost/asio/ip/address.hpp>

namespace sightline::net {

// How many connections of one port are open, in all and by address.
//
// Thread: one at a time.
class ConnectionCounts {
 public:
  ConnectionCounts(std::size_t max_in_all, std::size_t max_per_address)
      : max_in_all_(max_in_all), max_per_address_(max_per_address) {}

  // Counts one more connection of `group`; false when there are too many.
  bool Enter(const std::string& group);

  // Precondition: it was entered.
  void Leave(const std::string& group);

 private:
  const std::size_t max_in_all_;
  const std::size_t max_per_address_;
  std::size_t in_all_ = 0;
  std::unordered_map<std::string, std::size_t> by_group_;
};

// What counts as one address: an IPv4 address, also a mapped one, or the network of 64 bits that
// one host of IPv6 has for itself.
std::string AddressGroup(const boost::asio::ip::address& address);

}  // namespace sightline::net
