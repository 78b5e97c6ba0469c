// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/error.h"
#include "base/loss.h"
#include "base/result.h"

namespace sightline::net {

struct GrpcServerOptions {
  std::string listen_address = "127.0.0.1";
  std::uint16_t port = 0;  // 0: any free port, see GrpcServer::port().
  // Before and after decompression. A larger message is answered RESOURCE_EXHAUSTED.
  std::size_t max_message_bytes = std::size_t{64} * 1024 * 1024;
  // Calls that may be open at once; one more is answered UNAVAILABLE with RetryInfo.
  std::size_t max_concurrent_calls = 1024;
};

// The way back to the client of one unary call. Used once; dies unused: INTERNAL. Must be used or
// destroyed before the server is: GrpcServer::Stop waits for it.
//
// Thread: any, one at a time.
class GrpcResponder {
 public:
  class Call;

  explicit GrpcResponder(Call* call) : call_(call) {}

  GrpcResponder(GrpcResponder&& other) noexcept;
  GrpcResponder& operator=(GrpcResponder&& other) noexcept;
  ~GrpcResponder();

  // Precondition for both: not used yet.

  void Answer(std::string_view message);

  // A delay becomes google.rpc.RetryInfo, which tells OTLP clients to retry after it.
  void Fail(const base::Error& error,
            std::optional<std::chrono::nanoseconds> retry_delay = std::nullopt);

 private:
  Call* call_;
};

// `method` is the full name, "/package.Service/Method"; `message` its one request message,
// decompressed. Runs on a gRPC thread: must not block. Unknown methods are the handler's to refuse
// (kUnimplemented).
using GrpcHandler = std::function<void(std::string method, std::string message, GrpcResponder)>;

// Serves unary gRPC calls as raw bytes. The messages are protobuf. Accepts gzip message
// compression.
//
// Thread: any; the destructor and Stop not from a handler.
class GrpcServer {
 public:
  class Impl;

  // Listens and serves on return. kUnavailable when the address cannot be bound. `losses` outlives
  // the server.
  static base::Result<std::unique_ptr<GrpcServer>> Create(GrpcServerOptions options,
                                                          GrpcHandler handler,
                                                          base::LossTable& losses);

  // Stops without grace.
  ~GrpcServer();

  std::uint16_t port() const;

  // Stops listening, lets open calls finish for up to `grace`, then cancels them, and returns when
  // every responder was used or destroyed. A second call does nothing.
  void Stop(std::chrono::milliseconds grace);

 private:
  explicit GrpcServer(std::unique_ptr<Impl> impl);

  std::unique_ptr<Impl> impl_;
};

}  // namespace sightline::net
