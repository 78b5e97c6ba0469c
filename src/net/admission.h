// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <variant>

namespace sightline::net {

struct HttpRequest;

// Bytes of one request that are charged against its owner's budget until the ticket dies.
//
// Thread: one at a time.
class AdmissionTicket {
 public:
  virtual ~AdmissionTicket() = default;

  // Charges `bytes` more. False when the budget is used up; what was charged before stays charged.
  virtual bool Grow(std::size_t bytes) = 0;
};

// Too much is in flight: answered before the body is read.
struct AdmissionRefusal {
  int status = 429;
  std::chrono::seconds retry_after{1};
  std::string detail;
};

using AdmissionDecision = std::variant<std::unique_ptr<AdmissionTicket>, AdmissionRefusal>;

// Asked once a request's head is read, before its body is. `size_hint` is Content-Length, 0 when
// there is no body or its length is not known (chunked): then the ticket grows as bytes arrive. The
// ticket is charged with `size_hint` on return. A null ticket admits the request uncharged.
// Runs on a network thread: must not block.
using Admission = std::function<AdmissionDecision(const HttpRequest& head, std::size_t size_hint)>;

}  // namespace sightline::net
