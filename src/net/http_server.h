// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/loss.h"
#include "base/result.h"
#include "net/admission.h"
#include "net/http.h"
#include "net/response_sink.h"

namespace sightline::net {

struct HttpServerOptions {
  std::string listen_address = "127.0.0.1";  // An IPv4 or IPv6 address.
  std::uint16_t port = 0;                    // 0: any free port, see HttpServer::port().
  int threads = 2;
  // One connection more is closed at once. A single address leaves room for others.
  std::size_t max_connections = 4096;
  std::size_t max_connections_per_address = 3072;
  std::size_t max_header_bytes = std::size_t{32} * 1024;
  std::size_t max_body_bytes = std::size_t{64} * 1024 * 1024;  // As sent, before decompression.

  // A request completes in bounded time: its head within `header_timeout` of its first byte, its
  // body within `body_timeout` plus the time its bytes take at `min_bytes_per_second`; the same
  // for a client that takes our answer, with `write_timeout`.
  std::chrono::milliseconds header_timeout{10'000};
  std::chrono::milliseconds body_timeout{30'000};
  std::chrono::milliseconds write_timeout{30'000};
  std::chrono::milliseconds idle_timeout{75'000};  // Between requests.
  std::size_t min_bytes_per_second = std::size_t{128} * 1024;

  // Browser origins ("https://ops.example:8443", or "*") besides the server's own that may use
  // WebSockets, send changing requests and read answers (CORS).
  std::vector<std::string> allowed_origins;

  // Names that the server is addressed by besides loopback names and IP literals ("ops.example", or
  // "*" for any); others are answered 421. See net/host.h.
  std::vector<std::string> allowed_hosts;

  Admission admission;  // Empty: everything is admitted.
  // How long a request may wait for admission in all before it is answered 429.
  std::chrono::milliseconds admission_wait{1000};

  // Of all answers that clients have not taken yet; one more that is not small is replaced by 503.
  // A single one may be larger.
  std::size_t max_answer_bytes = std::size_t{48} * 1024 * 1024;

  // Renders what the server itself refuses (400, 403, 413, 415, 421, 429, 431, 501). Empty:
  // DetailResponse. `head` may lack everything but method and request id. Must not block.
  std::function<HttpResponse(const HttpRequest& head, int status, std::string_view detail)>
      render_error;
};

// Runs on a network thread: must not block. Hand long work to another thread together with the
// sink.
using HttpHandler = std::function<void(HttpRequest, ResponseSink)>;

// An HTTP/1.1 server on Boost.Beast: keep-alive, pipelining (answered in order), chunked bodies,
// Expect: 100-continue, streams and WebSockets. Routing is the handler's business (net/router.h).
// What it refuses is counted in the loss table.
//
// Thread: any; the destructor and Stop not from a handler or callback.
class HttpServer {
 public:
  // Listens and serves on return. kInvalidArgument when the address is not one, kUnavailable when
  // it cannot be bound. `losses` outlives the server.
  static base::Result<std::unique_ptr<HttpServer>> Create(HttpServerOptions options,
                                                          HttpHandler handler,
                                                          base::LossTable& losses);

  // Stops without grace.
  ~HttpServer();

  // The port that is listened on.
  std::uint16_t port() const;

  // Connections open now.
  std::size_t connection_count() const;

  // Stops listening and tells every connection, without waiting: what is in flight is answered with
  // `Connection: close`, idle connections close. A second call does nothing.
  void BeginStop();

  // Begins to stop where that has not begun, lets requests in flight finish for up to `grace`, ends
  // streams and closes WebSockets (1001), then cuts what is left. Handlers and callbacks have
  // returned when it returns; sinks, writers and sessions may live on. A second call does nothing.
  void Stop(std::chrono::milliseconds grace);

 private:
  class Impl;

  explicit HttpServer(std::unique_ptr<Impl> impl);

  std::unique_ptr<Impl> impl_;
};

}  // namespace sightline::net
