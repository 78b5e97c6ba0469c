// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sightline::net {

// By which names this server may be addressed. A page of evil.example that lets its own name
// resolve to our address (DNS rebinding) is of our origin to a browser; it is told apart by the
// Host that it names. An address cannot be made to point elsewhere, nor can the loopback names.
//
// Thread: any.
class HostPolicy {
 public:
  // Names besides localhost, names below it and IP literals; without a port. "*" allows any.
  explicit HostPolicy(std::vector<std::string> allowed) : allowed_(std::move(allowed)) {}

  // `host` is the value of a Host field: a name or an address, and perhaps a port.
  bool Allows(std::string_view host) const;

 private:
  const std::vector<std::string> allowed_;
};

}  // namespace sightline::net
