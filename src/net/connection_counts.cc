// SPDX-License-Identifier: Apache-2.0
#include "net/connection_counts.h"

#include <algorithm>

namespace sightline::net {

bool ConnectionCounts::Enter(const std::string& group) {
  if (in_all_ >= max_in_all_) {
    return false;
  }
  std::size_t& count = by_group_[group];
  if (count >= max_per_address_) {
    return false;
  }
  ++count;
  ++in_all_;
  return true;
}

void ConnectionCounts::Leave(const std::string& group) {
  --in_all_;
  const auto place = by_group_.find(group);
  if (--place->second == 0) {
    by_group_.erase(place);
  }
}

std::string AddressGroup(const boost::asio::ip::address& address) {
  if (address.is_v4()) {
    return address.to_string();
  }
  boost::asio::ip::address_v6 v6 = address.to_v6();
  if (v6.is_v4_mapped()) {
    return boost::asio::ip::make_address_v4(boost::asio::ip::v4_mapped, v6).to_string();
  }
  constexpr std::size_t kNetworkBytes = 8;
  auto bytes = v6.to_bytes();
  std::fill(bytes.begin() + kNetworkBytes, bytes.end(), static_cast<unsigned char>(0));
  return boost::asio::ip::address_v6(bytes).to_string();
}

}  // namespace sightline::net
