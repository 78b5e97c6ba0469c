// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>

namespace sightline::net {

struct HttpRequest;

// Bytes of one request that are charged against its owner's budget until the ticket dies.
//
// Thread: one at a time.
class AdmissionTicket {
 public:
  virtual ~AdmissionTicket() = default;

  // Charges `bytes` more. False when the budget is used up; what was charged before stays charged,
  // and the same may succeed a moment later. Must not block.
  virtual bool Grow(std::size_t bytes) = 0;
};

// Asked once a request's head is read, before its body is. The ticket is charged as bytes arrive:
// what is only announced costs nothing. A null ticket admits the request uncharged.
// Runs on a network thread: must not block.
using Admission = std::function<std::unique_ptr<AdmissionTicket>(const HttpRequest& head)>;

// While a ticket cannot grow, its request is held and its sender waits; it is asked again this
// often. No thread is blocked meanwhile.
inline constexpr std::chrono::milliseconds kAdmissionRetry{20};

}  // namespace sightline::net
