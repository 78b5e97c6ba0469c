// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "net/http.h"
#include "net/stream.h"
#include "net/websocket.h"

namespace sightline::net {

class Exchange;

// The way back to the client that sent one request. Used once: a plain answer, a stream, or a
// WebSocket. A sink that dies unused answers 500. May outlive the connection and the server; an
// answer to a client that has gone is dropped.
//
// Thread: any, one at a time.
class ResponseSink {
 public:
  explicit ResponseSink(std::shared_ptr<Exchange> exchange);
  ResponseSink(ResponseSink&&) noexcept;
  ResponseSink& operator=(ResponseSink&&) noexcept;
  ~ResponseSink();

  // Precondition for all three: not used yet.

  // Compresses the body on the calling thread when it is worth it and the client accepts gzip.
  void Answer(HttpResponse response);

  // Takes the response over as a stream with status 200. Sending may start at once.
  std::shared_ptr<StreamWriter> StartStream(StreamOptions options);

  // Completes a WebSocket handshake; sending may start at once. The origin has been checked by the
  // server. When the handshake fails the session closes with kCloseAbnormal.
  std::shared_ptr<WebSocketSession> AcceptWebSocket(WebSocketOptions options,
                                                    WebSocketCallbacks callbacks);

 private:
  std::shared_ptr<Exchange> exchange_;
};

}  // namespace sightline::net
