// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "api/analyses/overview_api.h"
#include "base/clock.h"
#include "base/result.h"
#include "server/config.h"

namespace sightline::server {

// The running server: wires all parts, starts them back to front and stops them front to back.
//
// Thread: one.
class Server {
 public:
  // Serves on return; DIR/ports.json names the ports. Errors: a port or the data directory cannot
  // be used, or the data were written by a newer version. The clock must outlive the server.
  static base::Result<std::unique_ptr<Server>> Start(const Config& config,
                                                     const base::Clock& clock);

  // Stops listening, finishes what is in flight, seals what it can.
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  const api::Ports& ports() const;

 private:
  class Impl;

  explicit Server(std::unique_ptr<Impl> impl);

  std::unique_ptr<Impl> impl_;
};

}  // namespace sightline::server
