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
#include "net/admission.h"

namespace sightline::net {

struct GrpcServerOptions {
  std::string listen_address = "127.0.0.1";
  std::uint16_t port = 0;              // 0: any free port, see GrpcServer::port().
  std::size_t max_connections = 4096;  // One more is closed at once; see GrpcListener.
  std::size_t max_connections_per_address = 3072;
  std::size_t max_message_bytes = std::size_t{64} * 1024 * 1024;  // As sent; RESOURCE_EXHAUSTED.
  // Calls that may be open at once; one more waits for up to `admission_wait` before it is answered
  // UNAVAILABLE with RetryInfo. A connection is told not to open more than its own number.
  std::size_t max_concurrent_calls = 1024;
  std::size_t max_calls_per_address = 768;
  int max_calls_per_connection = 128;
  std::size_t max_held_calls = 2048;      // That wait; one more is refused at once.
  std::size_t max_metadata_entries = 64;  // Of a call; RESOURCE_EXHAUSTED.
  int max_metadata_bytes = 16 * 1024;     // gRPC itself refuses more.
  // From the beginning of a call to the end of its message; DEADLINE_EXCEEDED. gRPC 1.51 hands a
  // message over whole and does not tell how much of it has come, so this does not grow with it.
  std::chrono::milliseconds message_timeout{30'000};
  std::chrono::milliseconds handshake_timeout{10'000};
  std::chrono::milliseconds idle_timeout{300'000};  // Of a connection without calls.
  // What gRPC may hold of all connections together, unfinished messages above all. Above it gRPC
  // refuses connections and ends calls, whichever they are: 1.51 has no share for one address.
  std::size_t max_buffered_bytes = std::size_t{112} * 1024 * 1024;

  // Makes the ticket that a message is charged to before it is copied or inflated. Empty: nothing
  // is charged. A call waits for room up to `admission_wait`, then it is answered UNAVAILABLE.
  std::function<std::unique_ptr<AdmissionTicket>()> admission;
  std::chrono::milliseconds admission_wait{1000};
};

// One unary call. Move only.
struct GrpcRequest {
  std::string method;                          // The full name, "/package.Service/Method".
  std::string message;                         // As it was sent.
  std::string encoding;                        // "gzip", "deflate" or "" for a plain message.
  std::unique_ptr<AdmissionTicket> admission;  // Null without an admission hook.
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

// Runs on a gRPC thread: must not block. Unknown methods are the handler's to refuse
// (kUnimplemented).
using GrpcHandler = std::function<void(GrpcRequest, GrpcResponder)>;

// Serves unary gRPC calls as raw bytes. The messages are protobuf, plain or compressed with gzip or
// deflate; other known compressions are answered UNIMPLEMENTED. gRPC 1.51 takes calls of any
// content type and does not tell which it was, so that is not checked. The name in `:authority` is
// not checked: no browser speaks gRPC's HTTP/2 without TLS.
//
// Thread: any; the destructor and Stop not from a handler.
class GrpcServer {
 public:
  class Impl;

  // Listens and serves on return. kInvalidArgument when the address is not one, kUnavailable when
  // it cannot be bound. `losses` outlives the server.
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
