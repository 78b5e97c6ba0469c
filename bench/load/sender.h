// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace sightline::load {

enum class Outcome : std::uint8_t {
  kAccepted,
  kPushedBack,  // The protocol says: try again later.
  kFailed,
};

// One connection to an OTLP receiver, one request at a time.
//
// Thread: confined.
class Sender {
 public:
  virtual ~Sender() = default;

  // Sends an encoded export request and waits for the answer.
  virtual Outcome Send(std::string_view body) = 0;

  // What the last failure said.
  virtual const std::string& problem() const = 0;
};

// `target` is host:port.
std::unique_ptr<Sender> MakeGrpcSender(const std::string& target);
std::unique_ptr<Sender> MakeHttpSender(const std::string& target);

}  // namespace sightline::load
