// SPDX-License-Identifier: Apache-2.0
// Internal to net/.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "base/loss.h"
#include "base/result.h"

namespace sightline::net {

struct GrpcListenerOptions {
  std::string listen_address;  // An IPv4 or IPv6 address.
  std::uint16_t port = 0;      // 0: any free port.
  std::size_t max_connections = 4096;
  std::size_t max_connections_per_address = 3072;
};

// Accepts the connections of a gRPC server, because gRPC 1.51 has no limit of connections: it would
// take every file descriptor of the process. gRPC does not tell either when a connection ends;
// a listener that has reached a limit looks which descriptors are not the same socket any more.
//
// Thread: any, and one of its own. `losses` outlives it.
class GrpcListener {
 public:
  // Owns a connected, non-blocking socket from then on. Runs on the listener's thread.
  using HandOver = std::function<void(int descriptor)>;

  // Listens on return; connections wait until Start. kInvalidArgument when the address is not one,
  // kUnavailable when it cannot be bound.
  static base::Result<std::unique_ptr<GrpcListener>> Create(const GrpcListenerOptions& options,
                                                            base::LossTable& losses);

  ~GrpcListener();

  std::uint16_t port() const;

  void Start(HandOver hand_over);

  // No HandOver runs after it returns. A second call does nothing.
  void Stop();

 private:
  class Impl;

  explicit GrpcListener(std::unique_ptr<Impl> impl);

  std::unique_ptr<Impl> impl_;
};

}  // namespace sightline::net
